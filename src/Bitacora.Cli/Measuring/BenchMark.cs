using System.Globalization;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Measuring;

/// <summary>How a benchmark says whether a goal was met.</summary>
internal static class BenchMark
{
    public static string Of(Screen screen, bool isMet) => isMet ? screen.OutColours.Green("[OK]") : screen.OutColours.Red("[FAIL]");

    /// <summary>Milliseconds with as many digits as there is something to see.</summary>
    public static string Milliseconds(double value) =>
        value.ToString(value < 1 ? "0.####" : value < 100 ? "0.##" : "#,0", CultureInfo.InvariantCulture) + " ms";
}
