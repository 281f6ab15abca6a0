namespace Bitacora.Testing.Cassandra.Wire;

/// <summary>At this place in the bytes: wait for the task, or close the connection where there is none.</summary>
internal readonly record struct OutboundMark(int Position, Task? Until);
