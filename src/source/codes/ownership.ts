import type { Explanation } from "./explanation.ts";

/** E04xx: values that were moved, and borrows that conflict or outlive what they borrow. */
export const ownershipErrors = {
  E0401: { title: "assignment to a borrowed value", explanation: `While a reference to a place is still used, the place keeps its value. Move the last use of the reference before the assignment.

    let r = &x
    x = 5                // refused: r is used below
    println(r)` },
  E0402: { title: "mutable borrow of a borrowed value", explanation: `A place has one &mut, or any number of &. This &mut is taken while a & is still used.

    let first = &xs[0]
    change(&mut xs)      // refused: first is used below
    println(first)` },
  E0403: { title: "borrow of a mutably borrowed value", explanation: `While a &mut to a place is still used, it is the only way to the value. Take the & before it, or after its last use.` },
  E0404: { title: "two mutable borrows", explanation: `A place has one &mut at a time; this one is taken while another is still used. Fields are separate places, and elements are one.

    let a = &mut p.x
    let b = &mut p.y     // allowed: another field` },
  E0405: { title: "use of a mutably borrowed value", explanation: `While a &mut to a place is still used, the value is read and changed through it alone.` },
  E0406: { title: "move of a borrowed value", explanation: `A value stays where it is while a reference to it is used. Move it after the last use of the reference.` },
  E0407: { title: "borrowed value does not live long enough", explanation: `A reference is used after what it refers to is gone: the scope of the variable has ended. Declare the variable further out.

    var r = &outer
    { let inner = 5
      r = &inner }       // refused: inner ends here
    println(r)` },
  E0408: { title: "reference to a local leaves the function", explanation: `What a function returns, or stores where its caller will find it, cannot refer to the function's own variables: they end with it. Return the value itself, or borrow from a parameter.

    func f() &i64 { let x = 5
      return &x }        // refused` },
  E0409: { title: "temporary value does not live long enough", explanation: `A value without a name ends with its statement, and a reference to it is used later. Give it a name with let.` },
  E0410: { title: "move out of what is borrowed", explanation: `Behind a reference, a slice or a Box lies a value that others own: it can be copied if it is Copy, or cloned, but not moved away.` },
  E0411: { title: "move out of an element", explanation: `An array or a collection keeps all its elements. Borrow the element, clone it, or take it out with a method such as pop, remove or replace.` },
  E0412: { title: "use of a moved value", explanation: `A value that is not Copy has one owner. Assigning it, passing it or returning it moves it, and what it was moved from cannot be used until it is assigned again.

    let a = make()
    let b = a            // moves a
    println(a)           // refused; borrow it instead: let b = &a` },
  E0413: { title: "use of a partly moved value", explanation: `A part of the value was moved, so that the whole cannot be used; its other parts still can.` },
  E0414: { title: "move out of a global", explanation: `A global keeps its value while the program runs.` },
  E0415: { title: "move out of a captured variable", explanation: `A closure may be called again, so that what it captured stays in it. Borrow it, or clone it.` },
  E0416: { title: "move out of a type with Drop", explanation: `When the value ends, its drop runs and needs all its fields. Borrow the field, or clone it.` },
  E0417: { title: "move of what a defer names", explanation: `A deferred expression runs at the end of its block, and what it names must still be there.` },
  E0418: { title: "assignment to a part of a moved value", explanation: `The value as a whole was moved away: its parts cannot be given values one by one. Assign the whole.` },
  E0419: { title: "more is handed on than the trait allows", explanation: `Callers of a trait's method know only its declaration: what its types can hold. This implementation's result, or what it stores through an argument, holds more than that.` },
  E0420: { title: "reference given to a global or a thread", explanation: `A global lives as long as the program, and a thread as long as it likes; what this reference refers to may end before. Store or move the value itself.` },
  E0421: { title: "drop called by name", explanation: `The drop of a type runs once for each value, where that ends. Were it called besides, what the value owns would be dropped twice.

    let list = [1, 2].to_list()
    list.drop()                 // refused

To end a value early, move it into a function or a block that ends, or assign another one to its variable.` },
} as const satisfies Record<`E04${string}`, Explanation>;
