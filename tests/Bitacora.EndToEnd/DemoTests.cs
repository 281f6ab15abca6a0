using System.Net;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

/// <summary>A demo leaves nothing behind, at the latest once the next one runs.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task The_directory_of_a_demo_that_was_killed_is_removed_by_the_next_one_and_that_of_a_living_one_is_not()
    {
        using var temporary = new TemporaryDirectory();
        await using (var killed = await StartAsync(temporary))
        {
            await killed.KillAsync();
        }

        var left = Directory.GetDirectories(temporary.Path, "bitacora-demo-*").ShouldHaveSingleItem();

        await using var living = await StartAsync(temporary);
        living.Talk.ShouldContain($"Removed what a demo left that was killed: {left}");
        var own = Directory.GetDirectories(temporary.Path, "bitacora-demo-*").ShouldHaveSingleItem();
        own.ShouldNotBe(left);

        await using var third = await StartAsync(temporary);
        third.Talk.ShouldNotContain("Removed");
        Directory.GetDirectories(temporary.Path, "bitacora-demo-*").ShouldContain(own);

        foreach (var demo in new[] { living, third })
        {
            demo.Signal("INT");
            (await demo.WaitAsync()).ShouldBe(0, demo.Talk);
        }

        Directory.GetDirectories(temporary.Path, "bitacora-demo-*").ShouldBeEmpty();
    }

    private static async Task<RunningProcess> StartAsync(TemporaryDirectory temporary)
    {
        var demo = RunningProcess.Start(
            ["demo", "--listen", $"http://{IPAddress.Loopback}:0", "--rate", "0"],
            new Dictionary<string, string> { ["TMPDIR"] = temporary.Path });
        await demo.WaitForAsync(
            () => demo.Talk.Contains("Ctrl-C ends it", StringComparison.Ordinal) ? demo : null, TimeSpan.FromMinutes(2));
        return demo;
    }
}
