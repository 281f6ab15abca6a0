using Bitacora.Records;

namespace Bitacora.Storage.Cassandra;

/// <summary>The names of layers as the column <c>layer</c> has them.</summary>
internal static class LayerNames
{
    public static ReadOnlySpan<byte> Utf8(Layer layer) => layer == Layer.Application ? "application"u8 : "infrastructure"u8;

    public static string Of(Layer layer) => layer == Layer.Application ? "application" : "infrastructure";

    public static Layer? Parse(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("application"u8) ? Layer.Application
        : name.SequenceEqual("infrastructure"u8) ? Layer.Infrastructure
        : null;
}
