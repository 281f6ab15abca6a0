namespace Bitacora.Client.Entries;

/// <summary>The names under which the host may repeat a trace's ids.</summary>
internal enum TraceName : byte
{
    None,
    Trace,
    Span,
    Parent,
}
