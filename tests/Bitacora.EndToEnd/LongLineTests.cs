using System.Globalization;
using System.Text.Json.Nodes;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>A file with a line that no memory should hold.</summary>
public sealed class LongLineTests
{
    [Theory(Explicit = true)]
    [InlineData("{\"message\":\"before\"}", "{\"message\":\"behind\"}")]
    [InlineData("before", "behind")]
    public async Task Of_a_line_of_a_gibibyte_the_head_is_stored_and_flagged_and_its_neighbours_are_whole(string before, string behind)
    {
        using var directory = new TemporaryDirectory();
        var file = directory["long.log"];
        await using (var content = File.Create(file))
        {
            await content.WriteAsync(System.Text.Encoding.UTF8.GetBytes(before + "\n"));
            var piece = new byte[1 << 20];
            piece.AsSpan().Fill((byte)'x');
            for (var i = 0; i < 1024; i++)
            {
                await content.WriteAsync(piece);
            }

            await content.WriteAsync(System.Text.Encoding.UTF8.GetBytes("\n" + behind + "\n"));
        }

        await using var server = await ServerProcess.StartAsync(directory["data"]);
        await using var ingest = RunningProcess.Start(["ingest", file, "--server", server.Url]);
        ingest.Input.Close();
        var ended = ingest.WaitAsync();
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var peak = 0L;
        do
        {
            peak = Math.Max(peak, PeakMemory(ingest.Id));
        }
        while (!ended.IsCompleted && await looks.WaitForNextTickAsync());

        // Partial: a line is stored, but not as it was.
        (await ended).ShouldBe(3, ingest.Talk);
        TestContext.Current.SendDiagnosticMessage($"peak {peak >> 20} MiB\n{ingest.Talk}");
        peak.ShouldBeInRange(1, 200L << 20);
        var rows = await Stored.RowsAsync(server.Http, "source:long");
        rows.Select(Message).Where(message => message.Length < 10).Order().ShouldBe(["before", "behind"]);
        var cut = rows.Where(row => Message(row).Length >= 10).ShouldHaveSingleItem();
        Message(cut).ShouldBe(new string('x', 1 << 20));
        ((bool)cut["attributes"]!["truncated"]!).ShouldBeTrue();
        ((string)cut["attributes"]!["parse_error"]!).ShouldBe("the line has more than 4194304 bytes");
    }

    private static string Message(JsonObject row) => (string)row["message"]!;

    /// <summary>The most memory that a process had, in bytes; 0 once it is gone.</summary>
    private static long PeakMemory(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
            var kibibytes = line?["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal) ?? "0";
            return long.Parse(kibibytes, CultureInfo.InvariantCulture) << 10;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
