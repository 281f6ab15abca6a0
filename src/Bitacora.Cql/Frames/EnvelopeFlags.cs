namespace Bitacora.Cql.Frames;

/// <summary>What stands before a response's message, or was done to it.</summary>
[Flags]
internal enum EnvelopeFlags : byte
{
    None = 0,
    Compressed = 0x01,
    Tracing = 0x02,
    CustomPayload = 0x04,
    Warning = 0x08,
    Beta = 0x10,
}
