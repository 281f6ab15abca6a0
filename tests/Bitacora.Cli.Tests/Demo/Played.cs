using Bitacora.Cli.Demo;

namespace Bitacora.Cli.Tests.Demo;

/// <summary>What the shop logged in a while that ends in the night of a Saturday, seven hours after the incident.</summary>
internal static class Played
{
    public static DateTimeOffset Now { get; } = new(2023, 11, 25, 0, 40, 0, TimeSpan.Zero);

    public static IReadOnlyList<DemoRecord> Hours(double hours, int seed = 7, double rate = 0.4)
    {
        var begin = Now.AddHours(-hours);
        var shop = new Shop(seed, begin, Now);
        var records = new List<DemoRecord>();
        for (var at = begin; at < Now; at = at.AddMinutes(10))
        {
            records.AddRange(shop.PlayTo(at.AddMinutes(10), rate * DailyRhythm.At(at)));
        }

        return records;
    }

    /// <summary>All of a record as a text.</summary>
    public static string Show(DemoRecord record) =>
        $"{record with { Attributes = [] }} {string.Join(' ', record.Attributes.Select(one => $"{one.Key}={one.Value.Text}"))}";
}
