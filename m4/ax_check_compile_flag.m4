# AX_CHECK_COMPILE_FLAG(FLAG, [ACTION-IF-ACCEPTED], [ACTION-IF-REFUSED])
#
# Asks the compiler whether it takes FLAG, with warnings made errors so that a
# flag that is merely ignored counts as refused. Named as the macro of the
# Autoconf Archive that does the same; written for this tree.
AC_DEFUN([AX_CHECK_COMPILE_FLAG], [
  AS_VAR_PUSHDEF([accepted], [ax_cv_check_cflags_$1])
  AC_CACHE_CHECK([whether the C compiler accepts $1], [accepted], [
    ax_saved_cflags=$CFLAGS
    CFLAGS="$CFLAGS -Werror $1"
    AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
      [AS_VAR_SET([accepted], [yes])],
      [AS_VAR_SET([accepted], [no])])
    CFLAGS=$ax_saved_cflags
  ])
  AS_VAR_IF([accepted], [yes], [$2], [$3])
  AS_VAR_POPDEF([accepted])
])
