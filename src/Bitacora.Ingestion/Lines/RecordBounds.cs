namespace Bitacora.Ingestion.Lines;

/// <summary>What a record of several lines may hold.</summary>
internal readonly record struct RecordBounds(int Lines, int Bytes);
