/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "core/model/job_at.h"

#include "core/model/need.h"

/* Who does what of a job. */

static enum job_piece claim_account(struct job *job)
{
	struct stretch *next = relay_next(&job->relay);

	if (next == NULL)
		return JOB_NOTHING;
	job->accounted = next;
	return JOB_ACCOUNT;
}

static enum job_piece claim_walk(struct job *job, bool runs_ahead)
{
	struct relay *relay = &job->relay;

	if ((!runs_ahead || relay->is_over) && claim_account(job) == JOB_ACCOUNT)
		return JOB_ACCOUNT;
	if (relay->is_given && relay->is_over)
		return JOB_NOTHING;
	job->account_need = job->told;
	job->ahead = relay->moves;
	job->walked = relay->is_over ? NULL : relay_spare(relay, job->most_ahead);
	return job->walked != NULL || relay->is_over ? JOB_STEP : claim_account(job);
}

/* It comes again for every stretch, until there is none. */
static enum job_piece claim_help(struct job *job)
{
	if (job->relay.is_given)
		return JOB_NOTHING;
	job->relay.has_helper = relay_wants_help(&job->relay);
	if (!job->relay.has_helper || claim_account(job) == JOB_NOTHING)
		return JOB_NOTHING;
	job->accounted->is_far = true;
	return JOB_ACCOUNT;
}

enum job_piece job_claim(struct job *job, enum job_hand hand)
{
	if (hand == JOB_HELPER)
		return claim_help(job);
	if (job->phase == PHASE_DONE)
		return JOB_OVER;
	if (job->phase == PHASE_WALK)
		return claim_walk(job, hand == JOB_OWNER);
	job->walked = NULL;
	job->relay.is_over = false;
	return JOB_STEP;
}

void job_do(struct job *job, enum job_piece piece)
{
	if (piece == JOB_STEP)
		job_do_step(job);
	else if (piece == JOB_ACCOUNT)
		moves_give(&job->moves, &job->account, job->accounted);
}

bool job_settle(struct job *job, enum job_piece piece)
{
	struct relay *relay = &job->relay;

	if (piece == JOB_ACCOUNT) {
		relay_done(relay, job->accounted);
		job->told = need_of_account(job);
	} else if (piece == JOB_STEP && job->walked != NULL) {
		if (job->is_cut)
			relay_drop(relay, job->walked);
		else
			relay_add(relay, job->walked);
		relay->is_over = !job->goes_on;
	}
	return relay_wants_help(relay);
}

bool job_step(struct job *job)
{
	enum job_piece piece = job_claim(job, JOB_ALONE);

	job_do(job, piece);
	job_settle(job, piece);
	return job->phase != PHASE_DONE;
}
