#!/bin/sh
# journeys.sh - heed walk on logs whose answers are published, where $HEED_SHARED holds them: the loan
# applications of BPI 2012, a help desk (as CSV and as XES), the customers of CDNOW.
#
# journeys.sh HEED TAP
set -u
. "${0%/*}/frame.sh"
unset HEED_STORE
data=${HEED_SHARED:-/nowhere}/data

# log_of NAME FILE - imports it into a store of its own
log_of() { run 0 "$heed" import --silent "$2" --store "$1.db" && run 0 "$heed" check --store "$1.db"; }
walked() { store=$1; shift; run 0 "$heed" walk "$@" --store "$store.db"; }

# desk_is NAME CASE - the help desk's known answers
desk_is() {
    walked "$1" variants --case "$2" --limit 1 && says '4,580 cases, 21,348 events, 226 different' &&
        grep -q '^ *2366 .* Assign seriousness > Take in charge ticket > Resolve ticket > Closed$' out &&
        walked "$1" follows --case "$2" --limit 5 --threads 2 && says '14 activities' &&
        grep -q '^Resolve ticket  *Closed  *4558 ' out
}

name='a help desk of 4,580 tickets has its known ways, as CSV'
if [ -r "$data/events/helpdesk.csv.gz" ]; then
    log_of desk "$data/events/helpdesk.csv.gz" && desk_is desk case_id; ok "$name" $?
else
    skip "$name" "no data"
fi
name='a help desk of 4,580 tickets has its known ways, as XES'
if [ -r "$data/events/helpdesk.xes.gz" ]; then
    log_of xes "$data/events/helpdesk.xes.gz" && desk_is xes case; ok "$name" $?
else
    skip "$name" "no data"
fi
name='of the customers of CDNOW 48.92 % bought on two days or more'
if [ -r "$data/tables/cdnow.csv.gz" ]; then
    log_of cdnow "$data/tables/cdnow.csv.gz" && walked cdnow repurchase && says '(48.92 %)' &&
        says '21,213 bought in the period'
    ok "$name" $?
else
    skip "$name" "no data"
fi
name='13,087 loan applications have their known ways'
if [ -r "$data/events/bpic2012.csv.gz" ]; then
    log_of loans "$data/events/bpic2012.csv.gz" && walked loans variants --case case_id --limit 1 &&
        says '13,087 cases, 262,200 events, 4,366 different; median duration 0.809 days' &&
        grep -q '^ *3429 .* A_SUBMITTED > A_PARTLYSUBMITTED > A_DECLINED$' out &&
        walked loans follows --case case_id --limit 1 && says '24 activities'
    ok "$name" $?
else
    skip "$name" "no data"
fi
finish
