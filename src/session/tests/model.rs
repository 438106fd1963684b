//! Sequences of operations against a model that keeps each session by itself and never forgets one.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Open(Option<u8>),
    Touch(u8),
    Check(u8),
    End(u8),
    Others(u8),
    All,
    Password,
    Tenant,
    Wait(i64),
    Back(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let which = || 0..6_u8;
    let step = prop_oneof![
        4 => prop::option::of(which()).prop_map(Step::Open),
        6 => which().prop_map(Step::Touch),
        4 => which().prop_map(Step::Check),
        1 => which().prop_map(Step::End),
        1 => which().prop_map(Step::Others),
        1 => Just(Step::All),
        1 => Just(Step::Password),
        1 => Just(Step::Tenant),
        // In minutes, so that boundaries are met often.
        6 => (1..40_i64).prop_map(Step::Wait),
        1 => (1..40_i64).prop_map(Step::Back),
    ];
    prop::collection::vec(step, 1..60)
}

/// What the model knows of one session.
#[derive(Clone, Debug)]
struct Known {
    opened: i64,
    active: i64,
    gone: bool,
    locked: bool,
}

const MINUTE: i64 = 60 * SECOND;
const IDLE: i64 = 15 * MINUTE;
const LIFE: i64 = 60 * MINUTE;
const CAP: usize = 3;

proptest! {
    #[test]
    fn every_sequence_agrees_with_the_model(steps in steps(), locks: bool, refuses: bool) {
        let idle = if locks { LOCK } else { END };
        let at_cap = if refuses { AtCap::Refuse } else { AtCap::EndOldest };
        let builder = SessionPolicy::builder().lifetime_secs(3600).idle(idle).touch_every_secs(120);
        let policy = builder.cap(CAP as u16, at_cap).build().unwrap();
        let (mut state, mut validity, mut now) = (None, VALID, 0);
        let mut known: Vec<Known> = Vec::new();
        for step in steps {
            // What the model says before the step: a session is looked at by itself.
            let stands = |session: &Known| {
                if session.gone || now >= session.opened + LIFE || (!locks && now >= session.active + IDLE) {
                    'd'
                } else if now < session.opened - 30 * SECOND {
                    'f'
                } else if session.locked || now >= session.active + IDLE {
                    'l'
                } else {
                    'a'
                }
            };
            match step {
                Step::Wait(minutes) => now += minutes * MINUTE,
                Step::Back(minutes) => now -= minutes * MINUTE,
                Step::Open(shown) => {
                    let number = u8::try_from(known.len()).unwrap();
                    let shown = shown.filter(|shown| usize::from(*shown) < known.len());
                    let before: Vec<char> = known.iter().map(stands).collect();
                    for (session, stood) in known.iter_mut().zip(&before) {
                        session.gone |= *stood == 'd';
                        session.locked |= *stood == 'l';
                    }
                    let continues = shown.is_some_and(|shown| !known[usize::from(shown)].gone);
                    let mut others: Vec<usize> = (0..known.len())
                        .filter(|index| !known[*index].gone && Some(*index) != shown.map(usize::from))
                        .collect();
                    // What is from the future gives way first, and keeps nobody out.
                    others.sort_by_key(|index| (before[*index] != 'f', known[*index].opened));
                    let present = others.iter().filter(|index| before[**index] != 'f').count();
                    let full = present >= CAP && refuses;
                    let expected = if full {
                        OpenOutcome::Full
                    } else {
                        if others.len() >= CAP {
                            known[others[0]].gone = true;
                        }
                        if let Some(shown) = shown {
                            known[usize::from(shown)].gone = true;
                        }
                        OpenOutcome::Opened { expires_at: at(now + LIFE).timestamp(), continues }
                    };
                    let new = NewSession { replaces: shown.map(id), ..new(number) };
                    let (outcome, _) = super::step(&mut state, |state| open(state, at(now), &policy, &validity, &new));
                    prop_assert_eq!(outcome, expected);
                    // One that was refused gets a number too, and is dead.
                    known.push(Known { opened: now, active: now, gone: full, locked: false });
                }
                Step::Touch(number) | Step::Check(number) => {
                    let stood = known.get(usize::from(number)).map_or('d', stands);
                    let expected = match stood {
                        'a' => active(known[usize::from(number)].opened + LIFE),
                        'l' => locked(),
                        _ => SessionOutcome::Dead,
                    };
                    let uses = matches!(step, Step::Touch(_));
                    let look = if uses { touch } else { check };
                    let decide = |state| look(state, at(now), &policy, &validity, &anna(), &id(number));
                    let (outcome, _) = super::step(&mut state, decide);
                    prop_assert_eq!(outcome, expected);
                    // What was seen to be over or idle is so for good; a look that finds it also sees the others.
                    let news = stood == 'd' && known.get(usize::from(number)).is_some_and(|one| !one.gone)
                        || stood == 'l' && !known[usize::from(number)].locked;
                    if news {
                        let before: Vec<char> = known.iter().map(stands).collect();
                        for (session, stood) in known.iter_mut().zip(before) {
                            session.gone |= stood == 'd';
                            session.locked |= stood == 'l';
                        }
                    }
                    if uses && stood == 'a' {
                        let session = &mut known[usize::from(number)];
                        if now >= session.active + 120 * SECOND || session.active > now + 30 * SECOND {
                            session.active = now;
                        }
                    }
                }
                Step::End(number) => {
                    let _ = super::step(&mut state, |state| end(state, at(now), &policy, &validity, &Ending::One(id(number))));
                    known.get_mut(usize::from(number)).into_iter().for_each(|session| session.gone = true);
                }
                Step::Others(number) => {
                    let _ = super::step(&mut state, |state| end(state, at(now), &policy, &validity, &Ending::Others(id(number))));
                    for (index, session) in known.iter_mut().enumerate() {
                        session.gone |= index != usize::from(number);
                    }
                }
                Step::All => {
                    let _ = super::step(&mut state, |state| end(state, at(now), &policy, &validity, &Ending::All));
                    known.iter_mut().for_each(|session| session.gone = true);
                }
                Step::Password => {
                    validity.generation = validity.generation.map(|generation| generation + 1);
                    known.iter_mut().for_each(|session| session.gone = true);
                }
                Step::Tenant => {
                    validity.revocation += 1;
                    known.iter_mut().for_each(|session| session.gone = true);
                }
            }
            if let Some(state) = &state {
                prop_assert!(state.sessions.len() <= CAP);
            }
        }
    }
}
