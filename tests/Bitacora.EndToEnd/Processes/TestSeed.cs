using System.Globalization;

namespace Bitacora.EndToEnd.Processes;

/// <summary>Seeds of random tests: the same each time in the ordinary run, new in the long one, always printed.</summary>
internal static class TestSeed
{
    public static int Of(string name) =>
        Environment.GetEnvironmentVariable("BITACORA_TEST_SEED") is { Length: > 0 } seed
            ? int.Parse(seed, CultureInfo.InvariantCulture)
            : name.Aggregate(17, (hash, character) => unchecked((hash * 31) + character));

    public static int Random() => Of(DateTime.UtcNow.Ticks.ToString(CultureInfo.InvariantCulture));
}
