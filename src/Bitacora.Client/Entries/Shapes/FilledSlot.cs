namespace Bitacora.Client.Entries.Shapes;

/// <summary>What goes into a slot of the record's form.</summary>
/// <param name="Part">The number of the entry's part.</param>
/// <param name="Kind">What is made of it.</param>
internal readonly record struct FilledSlot(int Part, FilledSlotKind Kind);
