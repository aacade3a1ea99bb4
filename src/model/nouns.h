/* nouns.h - the nouns of customer experience, each described once.  See noun.h for how to read it.
** The signal itself, which carries free attributes, adds those to SIGNAL_FIELDS in signal.h. */
#ifndef MODEL_NOUNS_H
#define MODEL_NOUNS_H
#include "base/limits.h"
#include "kern/num6.h"
#include "model/noun.h"

#define SIGNAL_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "Commit order; also the change feed")                      \
    F(FIELD_TEXT, uid, SET_BY_US | KEY, 36, NULL, "UUIDv7, for the world outside")                 \
    F(FIELD_TEXT, source, REQUIRED, LIMIT_NAME_BYTES, NULL, "Where we heard it")                   \
    F(FIELD_TEXT, external_id, REQUIRED, LIMIT_KEY_BYTES, NULL,                                    \
      "The source's own id; heard twice with one source it changes nothing")                       \
    F(FIELD_TIME, occurred_at, REQUIRED, 0, NULL, "When it happened to the customer")              \
    F(FIELD_TIME, received_at, SET_BY_US, 0, NULL, "When it reached us")                           \
    F(FIELD_TEXT, channel, OPTIONAL, LIMIT_NAME_BYTES, NULL, "call, chat, review, survey, order")  \
    F(FIELD_TEXT, touchpoint, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Place in the journey")            \
    F(FIELD_TEXT, product, OPTIONAL, LIMIT_NAME_BYTES, NULL, "What it is about")                   \
    F(FIELD_TEXT, customer, OPTIONAL, LIMIT_KEY_BYTES, NULL,                                       \
      "Who: an identity, namespace:value or a bare value")                                         \
    F(FIELD_TEXT, words, OPTIONAL, LIMIT_WORDS_BYTES, NULL, "What was said, exactly as it was")    \
    F(FIELD_TEXT, event, OPTIONAL, LIMIT_NAME_BYTES, NULL, "What was done: order_placed, visited") \
    F(FIELD_NUM6, amount, OPTIONAL, 0, NULL, "Money, in the currency's main unit")                 \
    F(FIELD_TEXT, currency, OPTIONAL, 8, NULL, "ISO 4217 code")                                    \
    F(FIELD_JSON, attributes, OPTIONAL, 0, NULL, "Any further key: text or number")

#define INSIGHT_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "The id of its signal")                                    \
    F(FIELD_TEXT, lang, OPTIONAL, 12, NULL, "zh-Hans, zh-Hant, en, ...; und when too short")       \
    F(FIELD_TEXT, clean, OPTIONAL, LIMIT_WORDS_BYTES, NULL,                                        \
      "Words without markup and personal data; missing when equal to the words")                   \
    F(FIELD_INT, redacted, OPTIONAL, 0, NULL, "Pieces of personal data replaced in clean")         \
    F(FIELD_CHOICE, quality, REQUIRED, 0, "ok|empty|duplicate|near_duplicate|spam",                \
      "Marked, never dropped")                                                                     \
    F(FIELD_REF, duplicate_of, OPTIONAL, 0, NULL, "The first signal with these words")             \
    F(FIELD_INT, words_hash, OPTIONAL, 0, NULL, "Of the folded words: equal for exact duplicates") \
    F(FIELD_INT, simhash, OPTIONAL, 0, NULL, "Of their 3-grams: near for near-duplicates")         \
    F(FIELD_INT, sentiment, OPTIONAL, 1, NULL, "-1 negative, 0 neutral or mixed, 1 positive")      \
    F(FIELD_INT, confidence, OPTIONAL, 100, NULL, "Of the sentiment, in percent")                  \
    F(FIELD_TEXT, emotion, OPTIONAL, 40, NULL, "Only when it is clear")                            \
    F(FIELD_TEXT, intent, OPTIONAL, 40, NULL, "complaint, refund, question, praise, ...")          \
    F(FIELD_TEXT, tags, OPTIONAL, 2000, NULL, "Set by rules; sorted, U+001F between")              \
    F(FIELD_TEXT, sentences, OPTIONAL, 0, NULL, "Ends of the sentences of clean, bytes, by commas") \
    F(FIELD_TEXT, reader, REQUIRED, 80, NULL, "Readers and version that made this insight")

#define MENTION_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_REF, signal_id, REQUIRED, 0, NULL, "Whose insight it belongs to")                      \
    F(FIELD_TEXT, aspect, REQUIRED, LIMIT_NAME_BYTES, NULL, "Path in the taxonomy: service.attitude") \
    F(FIELD_INT, polarity, REQUIRED, 1, NULL, "-1, 0 or 1")                                        \
    F(FIELD_INT, strength, REQUIRED, 100, NULL, "How strongly it was put, in percent")             \
    F(FIELD_TEXT, opinion, OPTIONAL, LIMIT_OPINION_BYTES, NULL, "The opinion words")               \
    F(FIELD_INT, start, REQUIRED, 0, NULL, "Where its clause starts in clean, bytes")              \
    F(FIELD_INT, end, REQUIRED, 0, NULL, "Where its clause ends in clean, bytes")

#define CUSTOMER_FIELDS(F)                                                                         \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, uid, SET_BY_US | KEY, 36, NULL, "UUIDv7, for the world outside")                 \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "When we first heard of them")                   \
    F(FIELD_JSON, attributes, OPTIONAL, 0, NULL, "Value, origin and time verified, per key")       \
    F(FIELD_JSON, consent, OPTIONAL, 0, NULL, "Purpose: given or refused, when, how")

#define IDENTITY_FIELDS(F)                                                                         \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, namespace, REQUIRED, 80, NULL, "phone, email, member, source name, ...")         \
    F(FIELD_TEXT, value, REQUIRED, LIMIT_KEY_BYTES, NULL, "Unique within its namespace")           \
    F(FIELD_REF, customer_id, REQUIRED, 0, NULL, "Whose identity it is")                           \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")

/* What a figure means: written once, counted by one question of the tally. */
#define METRIC_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, 80, NULL, "What it is asked by: nps-delivery")             \
    F(FIELD_TEXT, formula, REQUIRED, LIMIT_EXPR_BYTES, NULL, "nps, csat, mean:COL, ratio:EXPR / EXPR") \
    F(FIELD_TEXT, population, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: which signals count") \
    F(FIELD_INT, minimum_n, OPTIONAL, 1000000, NULL, "Below it the value is not shown; usually 5") \
    F(FIELD_TEXT, owner, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Who answers for the definition")       \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_JSON, title, OPTIONAL, 1000, NULL, "What people read, by language: en, zh-CN, zh-TW")  \
    F(FIELD_INT, window_days, OPTIONAL, 36500, NULL, "A figure of today counts so many days back; none: all") \
    F(FIELD_TEXT, weight, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Column of probability weights, above 0") \
    F(FIELD_JSON, quality, OPTIONAL, 4000, NULL, "Rules: [\"missing <= 40%\", \"age <= 7d\"]")   \
    F(FIELD_CHOICE, better, OPTIONAL, 0, "up|down", "Which way is good")                           \
    F(FIELD_TEXT, definition, SET_BY_US, 16, NULL, "Hash of what decides the number: equal ones are one metric") \
    F(FIELD_TIME, since, OPTIONAL, 0, NULL, "From when on it counts this way: the line breaks there") \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

/* Each version a metric ever had. */
#define METRIC_VERSION_FIELDS(F)                                                                   \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY, 120, NULL, "NAME/VERSION")                                  \
    F(FIELD_REF, metric_id, REQUIRED, 0, NULL, "")                                                 \
    F(FIELD_TEXT, definition, REQUIRED, 16, NULL, "")                                              \
    F(FIELD_JSON, body, REQUIRED, 64000, NULL, "All its fields, as they were")                     \
    F(FIELD_TIME, since, REQUIRED, 0, NULL, "From when on it counted")                             \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")

/* One node of the tree of goals: the KGI, the KPIs below it, and what drives them. */
#define GOAL_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, 80, NULL, "What it is asked by, and how formulas name it") \
    F(FIELD_REF, parent_id, OPTIONAL, 0, NULL, "What it serves; none: it is a KGI")                \
    F(FIELD_CHOICE, kind, REQUIRED, 0, "kgi|kpi|driver", "")                                       \
    F(FIELD_JSON, title, OPTIONAL, 1000, NULL, "What people read, by language: en, zh-CN, zh-TW")  \
    F(FIELD_TEXT, metric, REQUIRED, LIMIT_EXPR_BYTES, NULL, "Name of a metric, or a formula: nps") \
    F(FIELD_TEXT, population, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: which signals count here") \
    F(FIELD_TEXT, relation, OPTIONAL, 2000, NULL, "How it comes of those below: a * b, mix(channel)") \
    F(FIELD_CHOICE, better, OPTIONAL, 0, "up|down", "Which way is good")                           \
    F(FIELD_NUM6, target, OPTIONAL, 0, NULL, "What it shall reach")                                \
    F(FIELD_TIME, target_at, OPTIONAL, 0, NULL, "By when")                                         \
    F(FIELD_TEXT, owner, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Who answers for it")                   \
    F(FIELD_CHOICE, forecast, OPTIONAL, 0, "linear|holt|none", "How it is continued") \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

#define RULE_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "late-parcel")                     \
    F(FIELD_TEXT, condition, REQUIRED, LIMIT_EXPR_BYTES, NULL, "Expression: when")                 \
    F(FIELD_TEXT, action, REQUIRED, 40, NULL, "ticket, tag, ...: then")                            \
    F(FIELD_JSON, params, OPTIONAL, 4000, NULL, "What the action needs: department, owner, due")   \
    F(FIELD_BOOL, enabled, OPTIONAL, 1, NULL, "On")                                                \
    F(FIELD_INT, order, OPTIONAL, 100000, NULL, "Low ones are asked first; missing is 1000")       \
    F(FIELD_BOOL, last, OPTIONAL, 1, NULL, "Where it matches, no rule behind it is asked")         \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

/* A rule as it was: rows are only added. */
#define RULE_VERSION_FIELDS(F)                                                                     \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY | SET_BY_US, 60, NULL, "rule/version")                       \
    F(FIELD_INT, rule_id, REQUIRED, 0, NULL, "Whose; the rule itself may be gone")                 \
    F(FIELD_TEXT, name, REQUIRED, LIMIT_NAME_BYTES, NULL, "")                                      \
    F(FIELD_INT, version, REQUIRED, 0, NULL, "")                                                   \
    F(FIELD_TIME, at, REQUIRED, 0, NULL, "Since when")                                             \
    F(FIELD_TEXT, actor, REQUIRED, LIMIT_NAME_BYTES, NULL, "Who saved it")                         \
    F(FIELD_TEXT, condition, REQUIRED, LIMIT_EXPR_BYTES, NULL, "")                                 \
    F(FIELD_TEXT, action, REQUIRED, 40, NULL, "")                                                  \
    F(FIELD_JSON, params, OPTIONAL, 4000, NULL, "")                                                \
    F(FIELD_BOOL, enabled, OPTIONAL, 1, NULL, "")                                                  \
    F(FIELD_INT, order, OPTIONAL, 100000, NULL, "")                                                \
    F(FIELD_BOOL, last, OPTIONAL, 1, NULL, "")

/* What rules know beyond one signal; in a condition it is the column fact:NAME. */
#define FACT_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, 80, NULL, "Letters, digits, _ and -: complaints_7d")       \
    F(FIELD_CHOICE, kind, REQUIRED, 0, "count|metric|control",                                     \
      "count: signals of this customer; metric: its value; control: 1 when it is below its limit") \
    F(FIELD_TEXT, condition, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: which signals count")  \
    F(FIELD_TEXT, within, REQUIRED, 20, NULL, "How far back, as 7d")                               \
    F(FIELD_TEXT, metric, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "nps, mean:COLUMN, share:EXPR")        \
    F(FIELD_TEXT, by, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Of whom: a text column, shop; none: of all") \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

#define TICKET_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, deed, REQUIRED | KEY | SET_BY_US, 120, NULL, "The deed that opened it, once")    \
    F(FIELD_REF, signal_id, REQUIRED, 0, NULL, "What was heard")                                   \
    F(FIELD_REF, rule_id, OPTIONAL, 0, NULL, "The rule that matched")                              \
    F(FIELD_TEXT, title, REQUIRED, 400, NULL, "One line of the customer's words, redacted")        \
    F(FIELD_TEXT, department, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Who is asked to act")             \
    F(FIELD_TEXT, owner, OPTIONAL, LIMIT_NAME_BYTES, NULL, "The person")                           \
    F(FIELD_CHOICE, state, REQUIRED, 0, "open|working|closed", "")                                 \
    F(FIELD_CHOICE, priority, REQUIRED, 0, "low|normal|high|urgent", "")                           \
    F(FIELD_TEXT, outcome, OPTIONAL, 80, NULL, "Code; a ticket does not close without one")        \
    F(FIELD_TEXT, note, OPTIONAL, 4000, NULL, "What was done")                                     \
    F(FIELD_TIME, opened_at, REQUIRED | SET_BY_US, 0, NULL, "")                                    \
    F(FIELD_TIME, due_at, OPTIONAL, 0, NULL, "")                                                   \
    F(FIELD_TIME, closed_at, SET_BY_US, 0, NULL, "")                                               \
    F(FIELD_REF, customer_id, SET_BY_US, 0, NULL, "Whose it is, when known")                       \
    F(FIELD_TEXT, calendar, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Working hours its clock goes by; none: all hours") \
    F(FIELD_INT, allowed_ms, SET_BY_US, 0, NULL, "Working time from the opening to due_at")        \
    F(FIELD_TIME, contact_due_at, SET_BY_US, 0, NULL, "The customer is to be contacted by then")   \
    F(FIELD_TIME, contacted_at, SET_BY_US, 0, NULL, "First contact")                               \
    F(FIELD_TEXT, escalate_to, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Department that is given it when it is late") \
    F(FIELD_TIME, escalated_at, SET_BY_US, 0, NULL, "")                                            \
    F(FIELD_TEXT, playbook, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Where its steps come from")         \
    F(FIELD_JSON, steps, SET_BY_US, 8000, NULL, "[{title, done_at, by}]")                          \
    F(FIELD_INT, messages, SET_BY_US, 0, NULL, "Signals of it, the first included")                \
    F(FIELD_INT, reopened, SET_BY_US, 0, NULL, "How often")                                        \
    F(FIELD_INT, events, SET_BY_US, 0, NULL, "Rows of its history")                                \
    F(FIELD_REF, merged_into, SET_BY_US, 0, NULL, "The case it is part of")                        \
    F(FIELD_TEXT, score, SET_BY_US, LIMIT_NAME_BYTES, NULL, "Which score tells recovery: score:nps") \
    F(FIELD_NUM6, score_before, SET_BY_US, 0, NULL, "As first heard")                              \
    F(FIELD_NUM6, score_after, SET_BY_US, 0, NULL, "Asked again, after it was closed")             \
    F(FIELD_REF, asked_signal, SET_BY_US, 0, NULL, "The signal of score_after")                    \
    F(FIELD_INT, recovered, SET_BY_US, 0, NULL, "1: asked again the customer is no longer unhappy; 0: is")

/* What happened to a case.  The times of its departments are told from it and from nothing else. */
#define CASE_EVENT_FIELDS(F)                                                                       \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY | SET_BY_US, 60, NULL, "ticket/place; for a message its signal") \
    F(FIELD_REF, ticket_id, REQUIRED, 0, NULL, "")                                                 \
    F(FIELD_TIME, at, REQUIRED, 0, NULL, "")                                                       \
    F(FIELD_CHOICE, kind, REQUIRED, 0,                                                             \
      "opened|message|taken|released|handed|changed|comment|contact|step|escalated|closed|"        \
      "reopened|merged|absorbed|asked_again", "")                                                  \
    F(FIELD_TEXT, actor, REQUIRED, LIMIT_NAME_BYTES, NULL, "user:, key:, rule: or system")         \
    F(FIELD_CHOICE, state, REQUIRED, 0, "open|working|closed", "From now on")                      \
    F(FIELD_TEXT, department, OPTIONAL, LIMIT_NAME_BYTES, NULL, "From now on")                     \
    F(FIELD_TEXT, owner, OPTIONAL, LIMIT_NAME_BYTES, NULL, "From now on")                          \
    F(FIELD_REF, signal_id, OPTIONAL, 0, NULL, "The message, or the answer to asking again")       \
    F(FIELD_TEXT, detail, OPTIONAL, 400, NULL, "Outcome, way of contact, step, other case")        \
    F(FIELD_TEXT, text, OPTIONAL, 4000, NULL, "What somebody wrote")

/* Working hours: when the clock of a case goes. */
#define CALENDAR_FIELDS(F)                                                                         \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "office")                          \
    F(FIELD_TEXT, title, OPTIONAL, LIMIT_NAME_BYTES, NULL, "What people read")                     \
    F(FIELD_TEXT, zone, REQUIRED, 80, NULL, "Asia/Shanghai, or +08:00")                            \
    F(FIELD_TEXT, hours, REQUIRED, 1000, NULL, "mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00") \
    F(FIELD_TEXT, holidays, OPTIONAL, 4000, NULL, "2026-10-01..2026-10-07 2027-01-01")             \
    F(FIELD_TEXT, workdays, OPTIONAL, 4000, NULL, "Days worked all the same, with Monday's hours: 2026-10-10")

#define PLAYBOOK_FIELDS(F)                                                                         \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "late-parcel")                     \
    F(FIELD_TEXT, title, OPTIONAL, LIMIT_NAME_BYTES, NULL, "What people read")                     \
    F(FIELD_TEXT, steps, REQUIRED, 4000, NULL, "What is to be done, one step a line")

/* A question about cases somebody asks again and again. */
#define SAVED_VIEW_FIELDS(F)                                                                       \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED, LIMIT_NAME_BYTES, NULL, "What people read")                      \
    F(FIELD_TEXT, condition, REQUIRED, LIMIT_EXPR_BYTES, NULL, "Expression: which cases")          \
    F(FIELD_REF, owner_id, REQUIRED | SET_BY_US, 0, NULL, "The user who made it")                  \
    F(FIELD_BOOL, shared, OPTIONAL, 1, NULL, "Everybody who may see cases sees it")                \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")

#define DEED_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY, 120, NULL, "rule/version/signal: the deed takes effect once") \
    F(FIELD_TEXT, action, REQUIRED, 40, NULL, "Which action carries it out")                       \
    F(FIELD_REF, rule_id, OPTIONAL, 0, NULL, "")                                                   \
    F(FIELD_REF, signal_id, OPTIONAL, 0, NULL, "")                                                 \
    F(FIELD_JSON, payload, OPTIONAL, 16000, NULL, "What to do, complete: read again after a crash") \
    F(FIELD_CHOICE, state, REQUIRED, 0, "pending|done|failed|refused",                             \
      "refused: the contact policy says never")                                                    \
    F(FIELD_INT, attempts, OPTIONAL, 0, NULL, "")                                                  \
    F(FIELD_TIME, due_at, REQUIRED, 0, NULL, "Not before")                                         \
    F(FIELD_TIME, done_at, OPTIONAL, 0, NULL, "")                                                  \
    F(FIELD_TEXT, error, OPTIONAL, 400, NULL, "Why the last attempt failed, or why it waits")      \
    F(FIELD_TEXT, endpoint, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Where it leaves to; none: it stays in the house")

#define DEPARTMENT_FIELDS(F)                                                                       \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "logistics")                       \
    F(FIELD_TEXT, title, OPTIONAL, LIMIT_NAME_BYTES, NULL, "What people read")                     \
    F(FIELD_REF, parent_id, OPTIONAL, 0, NULL, "")

#define USER_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "How they sign in")                \
    F(FIELD_TEXT, title, OPTIONAL, LIMIT_NAME_BYTES, NULL, "How they are called")                  \
    F(FIELD_TEXT, password, SECRET | SET_BY_US, 200, NULL, "Argon2id text, never the password")    \
    F(FIELD_TEXT, role, REQUIRED, 40, NULL, "Name of a role")                                      \
    F(FIELD_REF, department_id, OPTIONAL, 0, NULL, "Scope of what they see")                       \
    F(FIELD_BOOL, enabled, OPTIONAL, 1, NULL, "")

#define ROLE_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, 40, NULL, "executive, manager, frontline, ...")            \
    F(FIELD_TEXT, rights, REQUIRED, 2000, NULL, "Words, blanks between: signals.read tickets.write")

#define KEY_FIELDS(F)                                                                              \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED, LIMIT_NAME_BYTES, NULL, "What it is for")                        \
    F(FIELD_TEXT, hash, REQUIRED | KEY | SECRET | SET_BY_US, 100, NULL, "Of the token")            \
    F(FIELD_TEXT, scopes, REQUIRED, 400, NULL, "Words, blanks between: signals.write")             \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, used_at, SET_BY_US, 0, NULL, "")                                                 \
    F(FIELD_TIME, expires_at, OPTIONAL, 0, NULL, "")

#define AUDIT_FIELDS(F)                                                                            \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TIME, at, REQUIRED, 0, NULL, "")                                                       \
    F(FIELD_TEXT, actor, REQUIRED, LIMIT_NAME_BYTES, NULL, "user:, key:, rule: or system")         \
    F(FIELD_TEXT, deed, REQUIRED, 40, NULL, "create, update, close, look, ...")                    \
    F(FIELD_TEXT, noun, REQUIRED, 40, NULL, "")                                                    \
    F(FIELD_REF, noun_id, OPTIONAL, 0, NULL, "")                                                   \
    F(FIELD_JSON, detail, OPTIONAL, 8000, NULL, "Which fields, old and new; secrets left out")

#define INTAKE_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY, 200, NULL, "Hash of the bytes, the plan and the source")    \
    F(FIELD_TEXT, source, REQUIRED, LIMIT_NAME_BYTES, NULL, "")                                    \
    F(FIELD_TEXT, file, OPTIONAL, 1000, NULL, "Name it was read from")                             \
    F(FIELD_INT, records, REQUIRED, 0, NULL, "Records taken and acknowledged: where to resume")    \
    F(FIELD_INT, added, REQUIRED, 0, NULL, "")                                                     \
    F(FIELD_INT, known, REQUIRED, 0, NULL, "")                                                     \
    F(FIELD_INT, rejected, REQUIRED, 0, NULL, "")                                                  \
    F(FIELD_BOOL, finished, REQUIRED, 1, NULL, "")                                                 \
    F(FIELD_TIME, started_at, REQUIRED, 0, NULL, "")                                               \
    F(FIELD_TIME, changed_at, REQUIRED, 0, NULL, "")

/* Who is signed in, where.  The cookie holds the token; here is only its hash. */
#define SESSION_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, hash, REQUIRED | KEY | SECRET | SET_BY_US, 100, NULL, "Of the token")            \
    F(FIELD_REF, user_id, REQUIRED, 0, NULL, "Who signed in")                                      \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, used_at, REQUIRED, 0, NULL, "To the minute: ends the session when idle")         \
    F(FIELD_TIME, expires_at, REQUIRED, 0, NULL, "Ends it in any case")

/* A link that works once. */
#define TOKEN_FIELDS(F)                                                                            \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, hash, REQUIRED | KEY | SECRET | SET_BY_US, 100, NULL, "Of the token")            \
    F(FIELD_CHOICE, purpose, REQUIRED, 0, "setup", "What it opens")                                \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, expires_at, REQUIRED, 0, NULL, "")

/* A second factor: codes of six digits that change every 30 s (RFC 6238). */
#define TOTP_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_REF, user_id, REQUIRED, 0, NULL, "Whose it is")                                        \
    F(FIELD_TEXT, secret, REQUIRED | SECRET | SET_BY_US, 300, NULL, "Base32 as the telephone has it, sealed") \
    F(FIELD_TIME, confirmed_at, OPTIONAL, 0, NULL, "The first right code; before it none is asked") \
    F(FIELD_INT, last_step, OPTIONAL, 0, NULL, "Of the last code taken: none is taken twice")      \
    F(FIELD_TEXT, recovery, SECRET | SET_BY_US, 2000, NULL, "Hashes of codes that work once, blanks between") \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")

/* Failures to sign in, by name and by address: neither is kept, only their hash, for an hour. */
#define ATTEMPT_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, hash, REQUIRED | KEY | SECRET | SET_BY_US, 100, NULL, "Of the name or the address") \
    F(FIELD_INT, failures, REQUIRED, 0, NULL, "Since the last success")                            \
    F(FIELD_TIME, last_at, REQUIRED, 0, NULL, "")                                                  \
    F(FIELD_TIME, until, OPTIONAL, 0, NULL, "Locked until then")

#define UPLOAD_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY, 200, NULL, "The key of its intake")                         \
    F(FIELD_TEXT, name, REQUIRED, 1000, NULL, "Name of the file where it came from")               \
    F(FIELD_JSON, wish, OPTIONAL, 64000, NULL, "What was told about how to read it")               \
    F(FIELD_CHOICE, state, REQUIRED, 0, "planned|waiting|running|finished|failed", "")             \
    F(FIELD_INT, records, OPTIONAL, 0, NULL, "Records of the file, as counted by the plan")        \
    F(FIELD_TEXT, error, OPTIONAL, 400, NULL, "Why it failed")                                     \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "Also the moment of rows that name none")

/* A page of saved questions.  Who may ask them sees their answers: a dashboard holds no row of anybody. */
#define DASHBOARD_FIELDS(F)                                                                        \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED, LIMIT_NAME_BYTES, NULL, "What people read")                      \
    F(FIELD_REF, owner_id, REQUIRED | SET_BY_US, 0, NULL, "The user who made it")                  \
    F(FIELD_BOOL, shared, OPTIONAL, 1, NULL, "Everybody who may ask sees it; else its owner only") \
    F(FIELD_JSON, tiles, REQUIRED, LIMIT_DASHBOARD_BYTES, NULL, "[{title, question}], in order")   \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

/* An improvement: what is done about a pain, and what came of it. */
#define MEASURE_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "What people call it")             \
    F(FIELD_TEXT, pain, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: the signals that led to it") \
    F(FIELD_TEXT, hypothesis, OPTIONAL, 2000, NULL, "If we do this, then that, because")           \
    F(FIELD_CHOICE, lever, REQUIRED, 0, "design|portfolio|channel|price|advertising|service",      \
      "What is changed")                                                                           \
    F(FIELD_TEXT, department, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Who carries it out")              \
    F(FIELD_TEXT, owner, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Who answers for it")                   \
    F(FIELD_NUM6, cost, OPTIONAL, 0, NULL, "All it costs, in the currency's main unit")            \
    F(FIELD_NUM6, margin, OPTIONAL, 0, NULL, "Money one unit of the outcome is worth")             \
    F(FIELD_TEXT, currency, OPTIONAL, 16, NULL, "ISO 4217 code")                                    \
    F(FIELD_TEXT, signs_needed, OPTIONAL, 400, NULL, "Who must sign before the start, blanks between") \
    F(FIELD_JSON, signs, SET_BY_US, 4000, NULL, "[{as, by, at}]")                                  \
    F(FIELD_CHOICE, design, REQUIRED, 0, "trial|panel|series", "How the effect is told from chance") \
    F(FIELD_TEXT, outcome, REQUIRED, LIMIT_EXPR_BYTES, NULL, "mean:COLUMN, share:EXPR or nps")     \
    F(FIELD_CHOICE, better, REQUIRED, 0, "up|down", "Which way is good")                           \
    F(FIELD_TEXT, feedback, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "What customers must say of it, as outcome; up is good") \
    F(FIELD_TEXT, population, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: which signals count")  \
    F(FIELD_TEXT, treated, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: who got it; none: by hash of unit") \
    F(FIELD_TEXT, control, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: who did not")            \
    F(FIELD_TEXT, unit, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Column of what was assigned: customer, shop") \
    F(FIELD_NUM6, share_planned, OPTIONAL, NUM6_ONE, NULL, "Planned share of treated, 0 to 1")     \
    F(FIELD_NUM6, worth, OPTIONAL, 0, NULL, "Smallest effect worth having, in the outcome's unit") \
    F(FIELD_TIME, starts_at, REQUIRED, 0, NULL, "Of the window in which the effect is looked for") \
    F(FIELD_TIME, ends_at, REQUIRED, 0, NULL, "Its end; no verdict before")                        \
    F(FIELD_CHOICE, state, REQUIRED | SET_BY_US, 0, "draft|running|ended", "From the start on the design stands") \
    F(FIELD_TIME, started_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_CHOICE, verdict, OPTIONAL, 0, "effective|harmful|no_effect|mixed|inconclusive",        \
      "What the evaluation says; never said without one")                                          \
    F(FIELD_JSON, evaluation, SET_BY_US, 32000, NULL, "Effect, interval, n, checks")               \
    F(FIELD_TIME, evaluated_at, SET_BY_US, 0, NULL, "")                                            \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

/* A place outside that messages go to: a mailbox, a robot of a chat, somebody's webhook. */
#define ENDPOINT_FIELDS(F)                                                                         \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "What rules call it: ops")         \
    F(FIELD_TEXT, way, REQUIRED, 40, NULL, "email, webhook, wecom, dingtalk, feishu, slack, teams") \
    F(FIELD_TEXT, address, REQUIRED | SECRET, 2800, NULL, "URL, sealed: robots carry their key in it") \
    F(FIELD_TEXT, secret, OPTIONAL | SECRET, 800, NULL, "What signs, or the password; sealed")     \
    F(FIELD_JSON, settings, OPTIONAL, 2000, NULL, "What the way needs: from, to, user")            \
    F(FIELD_TEXT, host, SET_BY_US, 300, NULL, "Of the address: what people are shown of it")       \
    F(FIELD_BOOL, near, SET_BY_US, 1, NULL, "May be of this machine or a private network: only by the command line") \
    F(FIELD_BOOL, enabled, OPTIONAL, 1, NULL, "On; what waits for it leaves only then")            \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

/* How it goes at an endpoint: kept apart, as it changes with every message and nobody decides it. */
#define PACE_FIELDS(F)                                                                             \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, endpoint, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "Whose")                       \
    F(FIELD_TIME, next_at, OPTIONAL, 0, NULL, "Not before: its limit of messages a minute")        \
    F(FIELD_TIME, held_until, OPTIONAL, 0, NULL, "Somebody is sending to it; if not, till then")   \
    F(FIELD_TEXT, paused, OPTIONAL, 400, NULL, "Why nothing leaves: people must look at it")       \
    F(FIELD_INT, sent, OPTIONAL, 0, NULL, "Deeds that arrived")                                    \
    F(FIELD_INT, failures, OPTIONAL, 0, NULL, "Tries in a row that failed")                        \
    F(FIELD_TIME, last_at, OPTIONAL, 0, NULL, "When something arrived")                            \
    F(FIELD_TEXT, error, OPTIONAL, 400, NULL, "Of the last try, if it failed")

/* A customer was written to: what the cap is counted from. */
#define CONTACT_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, deed, REQUIRED | KEY, 120, NULL, "Key of the deed: counted once, however often it is tried") \
    F(FIELD_REF, customer_id, REQUIRED, 0, NULL, "Who")                                            \
    F(FIELD_CHOICE, purpose, REQUIRED, 0, "survey|marketing|service", "What for")                  \
    F(FIELD_TIME, at, REQUIRED, 0, NULL, "")

/* An address nobody writes to any more. */
#define OPTOUT_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, hash, REQUIRED | KEY | SECRET, 100, NULL, "Of the address, with the key of this store") \
    F(FIELD_CHOICE, why, REQUIRED, 0, "unsubscribed|bounced|complained|by_hand", "")               \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")

/* How often, and when, customers may be written to: one row, named "everybody". */
#define CONTACT_POLICY_FIELDS(F)                                                                   \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY | SET_BY_US, LIMIT_NAME_BYTES, NULL, "everybody")           \
    F(FIELD_INT, most, OPTIONAL, 10000, NULL, "Messages to one customer, of all purposes together, ...") \
    F(FIELD_INT, days, OPTIONAL, 10000, NULL, "... in so many days of 24 hours")                     \
    F(FIELD_INT, quiet_from, OPTIONAL, 1440, NULL, "Minutes behind midnight: no message from then, ...") \
    F(FIELD_INT, quiet_to, OPTIONAL, 1440, NULL, "... to then")                                    \
    F(FIELD_TEXT, zone, OPTIONAL, 80, NULL, "Whose clock: Asia/Shanghai, +08:00")                  \
    F(FIELD_BOOL, hold_open, OPTIONAL, 1, NULL, "No survey and no marketing while a case of theirs is open") \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

#define REPLAY_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, key, REQUIRED | KEY, LIMIT_KEY_BYTES, NULL, "Idempotency-Key, with whose it is") \
    F(FIELD_INT, request, REQUIRED, 0, NULL, "Hash of the body it came with")                      \
    F(FIELD_INT, status, REQUIRED, 0, NULL, "Of the answer")                                       \
    F(FIELD_TEXT, answer, REQUIRED, 0, NULL, "The answer, told again to whoever asks again")       \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")

/* Signals that were there already and changed: read again, corrected, erased. */
#define CHANGE_FIELDS(F)                                                                           \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "The order of changes: a feed, as the ids of signals are") \
    F(FIELD_INT, first_id, REQUIRED, 0, NULL, "The first signal of a run")                         \
    F(FIELD_INT, last_id, REQUIRED, 0, NULL, "The last one; what is not there was erased")         \
    F(FIELD_TIME, at, REQUIRED, 0, NULL, "")

/* What was done when a person was erased; it does not say who it was. */
#define ERASURE_FIELDS(F)                                                                          \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, uid, SET_BY_US | KEY, 36, NULL, "UUIDv7: what the person is told")               \
    F(FIELD_INT, signals, REQUIRED, 0, NULL, "Erased, with their words and insights")              \
    F(FIELD_INT, mentions, REQUIRED, 0, NULL, "Erased")                                            \
    F(FIELD_INT, tickets, REQUIRED, 0, NULL, "Erased, with their notes")                           \
    F(FIELD_INT, deeds, REQUIRED, 0, NULL, "Erased")                                               \
    F(FIELD_INT, identities, REQUIRED, 0, NULL, "Erased")                                          \
    F(FIELD_CHOICE, state, REQUIRED, 0, "wiping|done", "done: no file of the store has a byte of it") \
    F(FIELD_TIME, at, REQUIRED, 0, NULL, "")                                                       \
    F(FIELD_TIME, done_at, OPTIONAL, 0, NULL, "")

/* A model taught with somebody's own labelled texts; its weights are in a file beside the store. */
#define MODEL_FIELDS(F)                                                                            \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY | SET_BY_US, 100, NULL, "TASK-VERSION: sentiment-3")        \
    F(FIELD_TEXT, task, REQUIRED | SET_BY_US, 80, NULL, "sentiment, intent, or a name of one's own") \
    F(FIELD_CHOICE, state, REQUIRED, 0, "in_use|kept|worse", "worse: it lost against the one in use") \
    F(FIELD_TEXT, file, REQUIRED | SET_BY_US, 40, NULL, "Its weights: the hash of the file")       \
    F(FIELD_TEXT, proof, REQUIRED | SET_BY_US, 40, NULL,                                           \
      "The same without the texts held back: later models are compared with this one")             \
    F(FIELD_INT, bytes, REQUIRED | SET_BY_US, 0, NULL, "Of the file")                              \
    F(FIELD_INT, texts, REQUIRED | SET_BY_US, 0, NULL, "It was taught with")                       \
    F(FIELD_NUM6, macro_f1, OPTIONAL | SET_BY_US, 0, NULL, "On texts held back")                   \
    F(FIELD_NUM6, before, OPTIONAL | SET_BY_US, 0, NULL, "Macro-F1 of what was in use, on the same texts") \
    F(FIELD_JSON, card, REQUIRED | SET_BY_US, 0, NULL, "What it learnt from, and how right it is") \
    F(FIELD_TIME, made_at, REQUIRED | SET_BY_US, 0, NULL, "")

/* What is kept an eye on: a figure by hour, day or week, and the chart that decides when it is news. */
#define WATCH_FIELDS(F)                                                                            \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_TEXT, name, REQUIRED | KEY, LIMIT_NAME_BYTES, NULL, "What people call it")             \
    F(FIELD_TEXT, what, REQUIRED, LIMIT_EXPR_BYTES, NULL, "volume, nps, mean:COLUMN or share:EXPR") \
    F(FIELD_TEXT, population, OPTIONAL, LIMIT_EXPR_BYTES, NULL, "Expression: which signals count")  \
    F(FIELD_CHOICE, chart, REQUIRED, 0, "shewhart|ewma|cusum|burst|silence",                       \
      "shewhart (p, XmR): what is sudden; ewma, cusum: small and lasting; burst: a doubling; silence") \
    F(FIELD_CHOICE, side, REQUIRED, 0, "both|up|down", "Which way is news")                        \
    F(FIELD_CHOICE, period, REQUIRED, 0, "hour|day|week", "One point of the chart")                \
    F(FIELD_TEXT, zone, OPTIONAL, 64, NULL, "Where days begin: Asia/Shanghai, +08:00; none: UTC")  \
    F(FIELD_INT, arl, OPTIONAL, 1000000, NULL, \
      "Average run length: periods between false alarms; none: 370, or 2,000 hours") \
    F(FIELD_NUM6, weight, OPTIONAL, 0, NULL, "EWMA: lambda, usually 0.2; CUSUM: k, usually 0.5")   \
    F(FIELD_INT, learn, OPTIONAL, 2000, NULL, \
      "Periods of the past it learns from; none: 182 days, 104 weeks, 1,344 hours") \
    F(FIELD_TEXT, topic, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Watches of one topic share an alert")  \
    F(FIELD_CHOICE, severity, REQUIRED, 0, "info|warning|critical", \
      "How much it matters; critical does not keep quiet hours") \
    F(FIELD_TEXT, department, OPTIONAL, LIMIT_NAME_BYTES, NULL, "Who is told")                     \
    F(FIELD_TEXT, cooldown, OPTIONAL, 20, NULL, "1d: what comes back within it is the same incident") \
    F(FIELD_TEXT, escalate, OPTIONAL, 20, NULL, "4h: not acknowledged by then it becomes critical") \
    F(FIELD_TEXT, quiet, OPTIONAL, 20, NULL, "22:00-08:00: nobody is told in these hours of its zone") \
    F(FIELD_TEXT, grace, OPTIONAL, 20, NULL, "1h: how long after its end a period may still fill")  \
    F(FIELD_TIME, since, OPTIONAL, 0, NULL, "Alerts from here on; before it only is learned")      \
    F(FIELD_BOOL, enabled, OPTIONAL, 1, NULL, "On")                                                \
    F(FIELD_INT, version, SET_BY_US, 0, NULL, "Goes up with each change")                          \
    F(FIELD_TIME, created_at, SET_BY_US, 0, NULL, "")                                              \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

/* How far a watch has come, and what it has learned; thrown away with the version of the watch. */
#define WATCHING_FIELDS(F)                                                                         \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_REF, watch_id, REQUIRED, 0, NULL, "Whose")                                             \
    F(FIELD_INT, of_version, REQUIRED, 0, NULL, "Of the watch")                                    \
    F(FIELD_TIME, next_at, OPTIONAL, 0, NULL, "Start of the period it takes next")                 \
    F(FIELD_TIME, checked_at, OPTIONAL, 0, NULL, "Last looked at")                                 \
    F(FIELD_TIME, learned_from, OPTIONAL, 0, NULL, "The past it learned from: its start")          \
    F(FIELD_TIME, learned_to, OPTIONAL, 0, NULL, "Its end")                                        \
    F(FIELD_INT, periods, OPTIONAL, 0, NULL, "Looked at since the watch was made or changed")      \
    F(FIELD_TEXT, trouble, OPTIONAL, 400, NULL, "Why it cannot be looked at")                      \
    F(FIELD_JSON, state, OPTIONAL, 64000, NULL, "What is learned, and the memory of the chart")

/* One incident: found once, told once, until it is over. */
#define ALERT_FIELDS(F)                                                                            \
    F(FIELD_ID, id, SET_BY_US, 0, NULL, "")                                                        \
    F(FIELD_REF, watch_id, REQUIRED | SET_BY_US, 0, NULL, "Whose chart found it")                  \
    F(FIELD_TEXT, also, SET_BY_US, 2000, NULL, "Ids of watches of its topic that found it too, by commas") \
    F(FIELD_CHOICE, state, REQUIRED | SET_BY_US, 0, "open|acknowledged|resolved", "")              \
    F(FIELD_CHOICE, severity, REQUIRED | SET_BY_US, 0, "info|warning|critical", "")                \
    F(FIELD_TEXT, department, SET_BY_US, LIMIT_NAME_BYTES, NULL, "Who is told")                    \
    F(FIELD_CHOICE, side, REQUIRED | SET_BY_US, 0, "up|down", "Which way it went")                 \
    F(FIELD_TIME, began_at, REQUIRED | SET_BY_US, 0, NULL, "When it began, by the chart's estimate") \
    F(FIELD_TIME, period_at, REQUIRED | SET_BY_US, 0, NULL, "Start of the period that gave it away") \
    F(FIELD_TIME, found_at, REQUIRED | SET_BY_US, 0, NULL, "When it was found")                    \
    F(FIELD_TIME, last_at, REQUIRED | SET_BY_US, 0, NULL, "Start of the last period outside")      \
    F(FIELD_TIME, resolved_at, SET_BY_US, 0, NULL, "When the figure had been back for two periods") \
    F(FIELD_NUM6, value, SET_BY_US, 0, NULL, "Of the period that gave it away")                    \
    F(FIELD_NUM6, expected, SET_BY_US, 0, NULL, "By what was learned")                             \
    F(FIELD_NUM6, low, SET_BY_US, 0, NULL, "Limits of that period")                                \
    F(FIELD_NUM6, high, SET_BY_US, 0, NULL, "")                                                    \
    F(FIELD_INT, n, SET_BY_US, 0, NULL, "Signals or answers behind it")                            \
    F(FIELD_NUM6, score, SET_BY_US, 0, NULL, "In standard deviations")                             \
    F(FIELD_INT, periods, SET_BY_US, 0, NULL, "Outside so far")                                    \
    F(FIELD_INT, active, SET_BY_US, 0, NULL, "Watches that still see it")                          \
    F(FIELD_INT, returns, SET_BY_US, 0, NULL, "How often it came back within the cool-down")       \
    F(FIELD_TIME, told_at, SET_BY_US, 0, NULL, "None while quiet hours last")                      \
    F(FIELD_TIME, escalated_at, SET_BY_US, 0, NULL, "")                                            \
    F(FIELD_TIME, snoozed_until, SET_BY_US, 0, NULL, "Nobody is asked before")                     \
    F(FIELD_TEXT, acknowledged_by, SET_BY_US, LIMIT_NAME_BYTES, NULL, "")                          \
    F(FIELD_TIME, acknowledged_at, SET_BY_US, 0, NULL, "")                                         \
    F(FIELD_CHOICE, verdict, OPTIONAL, 0, "true|false", "Was something the matter? said by people") \
    F(FIELD_TEXT, note, OPTIONAL, 2000, NULL, "What people know of it")                            \
    F(FIELD_TIME, changed_at, SET_BY_US, 0, NULL, "")

typedef struct { SIGNAL_FIELDS(NOUN_MEMBER) } signal_row;
typedef struct { INSIGHT_FIELDS(NOUN_MEMBER) } insight_row;
typedef struct { MENTION_FIELDS(NOUN_MEMBER) } mention;
typedef struct { CUSTOMER_FIELDS(NOUN_MEMBER) } customer;
typedef struct { IDENTITY_FIELDS(NOUN_MEMBER) } identity;
typedef struct { METRIC_FIELDS(NOUN_MEMBER) } metric_row;
typedef struct { METRIC_VERSION_FIELDS(NOUN_MEMBER) } metric_version;
typedef struct { GOAL_FIELDS(NOUN_MEMBER) } goal_row;
typedef struct { RULE_FIELDS(NOUN_MEMBER) } rule;
typedef struct { RULE_VERSION_FIELDS(NOUN_MEMBER) } rule_version;
typedef struct { FACT_FIELDS(NOUN_MEMBER) } fact;
typedef struct { TICKET_FIELDS(NOUN_MEMBER) } ticket;
typedef struct { CASE_EVENT_FIELDS(NOUN_MEMBER) } case_event;
typedef struct { CALENDAR_FIELDS(NOUN_MEMBER) } calendar_row;
typedef struct { PLAYBOOK_FIELDS(NOUN_MEMBER) } playbook;
typedef struct { SAVED_VIEW_FIELDS(NOUN_MEMBER) } saved_view;
typedef struct { DEED_FIELDS(NOUN_MEMBER) } deed;
typedef struct { DEPARTMENT_FIELDS(NOUN_MEMBER) } department;
typedef struct { USER_FIELDS(NOUN_MEMBER) } user;
typedef struct { ROLE_FIELDS(NOUN_MEMBER) } role;
typedef struct { KEY_FIELDS(NOUN_MEMBER) } api_key;
typedef struct { AUDIT_FIELDS(NOUN_MEMBER) } audit;
typedef struct { INTAKE_FIELDS(NOUN_MEMBER) } intake;
typedef struct { SESSION_FIELDS(NOUN_MEMBER) } session;
typedef struct { TOKEN_FIELDS(NOUN_MEMBER) } token;
typedef struct { TOTP_FIELDS(NOUN_MEMBER) } totp;
typedef struct { ATTEMPT_FIELDS(NOUN_MEMBER) } attempt;
typedef struct { UPLOAD_FIELDS(NOUN_MEMBER) } upload;
typedef struct { REPLAY_FIELDS(NOUN_MEMBER) } replay;
typedef struct { DASHBOARD_FIELDS(NOUN_MEMBER) } dashboard;
typedef struct { CHANGE_FIELDS(NOUN_MEMBER) } change_row;
typedef struct { ERASURE_FIELDS(NOUN_MEMBER) } erasure;
typedef struct { MEASURE_FIELDS(NOUN_MEMBER) } measure_row;
typedef struct { MODEL_FIELDS(NOUN_MEMBER) } model_row;
typedef struct { WATCH_FIELDS(NOUN_MEMBER) } watch;
typedef struct { WATCHING_FIELDS(NOUN_MEMBER) } watching;
typedef struct { ALERT_FIELDS(NOUN_MEMBER) } alert;
typedef struct { ENDPOINT_FIELDS(NOUN_MEMBER) } endpoint;
typedef struct { PACE_FIELDS(NOUN_MEMBER) } endpoint_pace;
typedef struct { CONTACT_FIELDS(NOUN_MEMBER) } contact_row;
typedef struct { OPTOUT_FIELDS(NOUN_MEMBER) } optout;
typedef struct { CONTACT_POLICY_FIELDS(NOUN_MEMBER) } contact_policy;

extern const noun noun_signal, noun_insight, noun_mention, noun_customer, noun_identity, noun_metric, noun_rule,
    noun_ticket, noun_deed, noun_department, noun_user, noun_role, noun_key, noun_audit, noun_intake,
    noun_session, noun_token, noun_totp, noun_attempt, noun_upload, noun_replay, noun_dashboard, noun_change,
    noun_erasure, noun_measure, noun_model, noun_metric_version, noun_goal, noun_watch, noun_watching,
    noun_alert, noun_rule_version, noun_fact, noun_case_event, noun_calendar, noun_playbook, noun_saved_view,
    noun_endpoint, noun_pace, noun_contact, noun_optout, noun_contact_policy;
#endif
