/* nouns.c - the descriptions of nouns.h as tables. */
#include "model/nouns.h"

/* A ticket closes only with an outcome. */
static bool ticket_law(const void *rec, err *e) {
    const ticket *t = rec;
    if (!str_eq(t->state, S("closed")) || t->outcome.n) return true;
    return fail(e, CONFLICT,
                "a ticket does not close without an outcome, such as refunded, explained, repaired "
                "or unreachable");
}

/* Nobody calls a measure effective, or anything else, without an evaluation. */
static bool measure_law(const void *rec, err *e) {
    const measure_row *m = rec;
    if (m->verdict.n && !m->evaluation.n)
        return fail(e, CONFLICT,
                    "a measure has no verdict without an evaluation: n, effect and interval; "
                    "evaluate it when its window has ended");
    return true;
}

/* Halves of a pair mean nothing alone. */
static bool policy_law(const void *rec, err *e) {
    const contact_policy *p = rec;
    if ((p->most == NONE) != (p->days == NONE))
        return fail(e, INVALID, "a cap wants both: most (messages) and days");
    if ((p->quiet_from == NONE) != (p->quiet_to == NONE))
        return fail(e, INVALID, "quiet hours want both: quiet_from and quiet_to, minutes behind "
                                "midnight");
    if (p->days != NONE && p->days < 1) return fail(e, INVALID, "days wants 1 or more");
    return true;
}

/* clang-format off */
#define ROW(kind, member, flags, max, choices, help) {#member, kind, flags, max, choices, help, offsetof(THIS, member)},
#define TABLE(name, title, FIELDS)                                                                 \
    static const field name##_fields[] = {FIELDS(ROW)};                                            \
    const noun noun_##name = {LAW, #name, title, name##_fields, COUNT(name##_fields), sizeof(THIS)};

#define LAW NULL
#define THIS signal_row
TABLE(signal, "Signal", SIGNAL_FIELDS)
#undef THIS
#define THIS insight_row
TABLE(insight, "Insight", INSIGHT_FIELDS)
#undef THIS
#define THIS mention
TABLE(mention, "Mention", MENTION_FIELDS)
#undef THIS
#define THIS customer
TABLE(customer, "Customer", CUSTOMER_FIELDS)
#undef THIS
#define THIS identity
TABLE(identity, "Identity", IDENTITY_FIELDS)
#undef THIS
#define THIS metric_row
TABLE(metric, "Metric", METRIC_FIELDS)
#undef THIS
#define THIS metric_version
TABLE(metric_version, "Version of a metric", METRIC_VERSION_FIELDS)
#undef THIS
#define THIS goal_row
TABLE(goal, "Goal", GOAL_FIELDS)
#undef THIS
#define THIS rule
TABLE(rule, "Rule", RULE_FIELDS)
#undef THIS
#define THIS rule_version
TABLE(rule_version, "Version of a rule", RULE_VERSION_FIELDS)
#undef THIS
#define THIS fact
TABLE(fact, "Fact", FACT_FIELDS)
#undef THIS
#define THIS case_event
TABLE(case_event, "Event of a case", CASE_EVENT_FIELDS)
#undef THIS
#define THIS calendar_row
TABLE(calendar, "Calendar", CALENDAR_FIELDS)
#undef THIS
#define THIS playbook
TABLE(playbook, "Playbook", PLAYBOOK_FIELDS)
#undef THIS
#define THIS saved_view
TABLE(saved_view, "Saved view", SAVED_VIEW_FIELDS)
#undef THIS
#define THIS ticket
#undef LAW
#define LAW ticket_law
TABLE(ticket, "Ticket", TICKET_FIELDS)
#undef LAW
#define LAW NULL
#undef THIS
#define THIS deed
TABLE(deed, "Deed", DEED_FIELDS)
#undef THIS
#define THIS department
TABLE(department, "Department", DEPARTMENT_FIELDS)
#undef THIS
#define THIS user
TABLE(user, "User", USER_FIELDS)
#undef THIS
#define THIS role
TABLE(role, "Role", ROLE_FIELDS)
#undef THIS
#define THIS api_key
TABLE(key, "API key", KEY_FIELDS)
#undef THIS
#define THIS audit
TABLE(audit, "Audit", AUDIT_FIELDS)
#undef THIS
#define THIS intake
TABLE(intake, "Intake", INTAKE_FIELDS)
#undef THIS
#define THIS session
TABLE(session, "Session", SESSION_FIELDS)
#undef THIS
#define THIS token
TABLE(token, "One-time link", TOKEN_FIELDS)
#undef THIS
#define THIS totp
TABLE(totp, "Second factor", TOTP_FIELDS)
#undef THIS
#define THIS attempt
TABLE(attempt, "Failures to sign in", ATTEMPT_FIELDS)
#undef THIS
#define THIS upload
TABLE(upload, "Upload", UPLOAD_FIELDS)
#undef THIS
#define THIS replay
TABLE(replay, "Replay", REPLAY_FIELDS)
#undef THIS
#define THIS dashboard
TABLE(dashboard, "Dashboard", DASHBOARD_FIELDS)
#undef THIS
#define THIS change_row
TABLE(change, "Change", CHANGE_FIELDS)
#undef THIS
#define THIS erasure
TABLE(erasure, "Erasure", ERASURE_FIELDS)
#undef THIS
#define THIS measure_row
#undef LAW
#define LAW measure_law
TABLE(measure, "Measure", MEASURE_FIELDS)
#undef LAW
#define LAW NULL
#undef THIS
#define THIS model_row
TABLE(model, "Model", MODEL_FIELDS)
#undef THIS
#define THIS watch
TABLE(watch, "Watch", WATCH_FIELDS)
#undef THIS
#define THIS watching
TABLE(watching, "State of a watch", WATCHING_FIELDS)
#undef THIS
#define THIS alert
TABLE(alert, "Alert", ALERT_FIELDS)
#undef THIS
#define THIS endpoint
TABLE(endpoint, "Endpoint", ENDPOINT_FIELDS)
#undef THIS
#define THIS endpoint_pace
TABLE(pace, "How it goes at an endpoint", PACE_FIELDS)
#undef THIS
#define THIS contact_row
TABLE(contact, "Contact", CONTACT_FIELDS)
#undef THIS
#define THIS optout
TABLE(optout, "Address not to be written to", OPTOUT_FIELDS)
#undef THIS
#define THIS contact_policy
#undef LAW
#define LAW policy_law
TABLE(contact_policy, "Contact policy", CONTACT_POLICY_FIELDS)
#undef LAW
#define LAW NULL
#undef THIS
/* clang-format on */

const noun *const nouns[] = {&noun_signal,   &noun_insight,    &noun_mention, &noun_customer,
                             &noun_identity, &noun_metric,     &noun_rule,    &noun_ticket,
                             &noun_deed,     &noun_department, &noun_user,    &noun_role,
                             &noun_key,      &noun_audit,      &noun_intake,     &noun_session, &noun_token,
                             &noun_totp,     &noun_attempt,  &noun_upload,     &noun_replay,
                             &noun_dashboard, &noun_change,   &noun_erasure, &noun_measure, &noun_model,
                             &noun_metric_version, &noun_goal,
                             &noun_watch,    &noun_watching,   &noun_alert,
                             &noun_rule_version, &noun_fact, &noun_case_event, &noun_calendar,
                             &noun_playbook, &noun_saved_view,
                             &noun_endpoint, &noun_pace, &noun_contact, &noun_optout, &noun_contact_policy};
const size_t nouns_n = COUNT(nouns);
