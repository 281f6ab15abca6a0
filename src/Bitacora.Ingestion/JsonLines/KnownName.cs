namespace Bitacora.Ingestion.JsonLines;

/// <summary>A known name: what it gives, its rank among the names of its role (0 first), and what it says about the line.</summary>
internal sealed record KnownName(byte[] Name, FieldRole Role, int Rank, LineMarkers Markers);
