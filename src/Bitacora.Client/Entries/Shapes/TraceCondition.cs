namespace Bitacora.Client.Entries.Shapes;

/// <summary>A scope's value that may repeat the trace of the record: whether it does decides what the record has.</summary>
/// <param name="Part">The part that is the value.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsRepeat">Whether it repeated the trace when the shape was learned.</param>
internal readonly record struct TraceCondition(int Part, KnownName Name, bool IsRepeat);
