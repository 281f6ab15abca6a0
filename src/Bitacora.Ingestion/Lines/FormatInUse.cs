namespace Bitacora.Ingestion.Lines;

/// <summary>A format with its decoder of one input.</summary>
internal sealed record FormatInUse(LogFormat Format, IFormatDecoder Decoder);
