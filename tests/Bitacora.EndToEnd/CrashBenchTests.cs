using System.Globalization;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>The proof that users rerun on their own disk.</summary>
public sealed class CrashBenchTests
{
    [Fact]
    public async Task Bench_crash_kills_a_server_of_its_own_and_prints_what_was_lost()
    {
        using var directory = new TemporaryDirectory();
        await using var bench = RunningProcess.Start(["bench", "crash", "--kills", "2", "--directory", directory["crash"]]);

        var code = await bench.WaitAsync();

        code.ShouldBe(0, bench.Talk);
        bench.Output.First().Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .ShouldBe(["kill", "after", "acknowledged", "stored", "lost", "twice", "started", "in"]);
        var total = bench.Output.Last().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        total[0].ShouldBe("total");
        var numbers = total[1..].Select(number => long.Parse(number, NumberStyles.AllowThousands, CultureInfo.InvariantCulture)).ToArray();
        numbers[0].ShouldBeGreaterThan(0, "acknowledged");
        numbers[1].ShouldBeGreaterThanOrEqualTo(numbers[0], "stored");
        numbers[2..].ShouldBe([0, 0], "lost and twice");
        Directory.Exists(directory["crash"]).ShouldBeFalse("a sound run leaves nothing behind");
    }
}
