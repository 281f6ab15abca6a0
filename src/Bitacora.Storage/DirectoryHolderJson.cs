using System.Text.Json.Serialization;

namespace Bitacora.Storage;

/// <summary>Made at compile time: looking at the type when a server starts would take it longer than all else with this file.</summary>
[JsonSerializable(typeof(DirectoryHolder))]
internal sealed partial class DirectoryHolderJson : JsonSerializerContext;
