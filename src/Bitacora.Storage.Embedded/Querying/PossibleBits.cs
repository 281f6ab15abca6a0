using Bitacora.Query;

namespace Bitacora.Storage.Embedded.Querying;

/// <summary>Which levels and layers a filter can match at all: a segment without any of them is not read.</summary>
internal static class PossibleBits
{
    private const byte All = 0xFF;

    public static byte Levels(Filter filter) => Of(filter, leaf => leaf is LevelFilter level ? level.Bits : All);

    public static byte Layers(Filter filter) => Of(filter, leaf => leaf is LayerFilter layer ? layer.Bits : All);

    private static byte Of(Filter filter, Func<Filter, byte> leaf) => filter switch
    {
        AndFilter and => and.Items.Aggregate(All, (bits, item) => (byte)(bits & Of(item, leaf))),
        OrFilter or => or.Items.Aggregate((byte)0, (bits, item) => (byte)(bits | Of(item, leaf))),
        NotFilter { Item: LevelFilter or LayerFilter } not => Of(not.Item, leaf) is var bits && bits == All ? All : (byte)~bits,
        _ => leaf(filter),
    };
}
