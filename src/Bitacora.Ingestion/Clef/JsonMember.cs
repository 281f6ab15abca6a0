using Bitacora.Ingestion.JsonLines;

namespace Bitacora.Ingestion.Clef;

/// <summary>A member of an object by its place in the text.</summary>
internal readonly record struct JsonMember(JsonValue Name, JsonValue Value);
