using System.Diagnostics;
using System.Net;
using Bitacora.EndToEnd.Processes;

namespace Bitacora.EndToEnd;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_disk_that_fills_refuses_with_503_searches_go_on_and_it_recovers_by_itself()
    {
        using var directory = new TemporaryDirectory();
        var mount = Directory.CreateDirectory(directory["disk"]).FullName;
        Assert.SkipUnless(TryRun("mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", mount), "Mounting a tmpfs is not permitted here.");
        try
        {
            await using var server = await ServerProcess.StartAsync(Path.Combine(mount, "data"));
            var load = new Load("full");
            await load.SendAsync(server.Http, 200, CancellationToken.None);
            load.Acknowledged.Count.ShouldBe(200);

            var ballast = Path.Combine(mount, "ballast");
            await FillAsync(ballast);
            var padding = new string('x', 4000);
            for (var i = 0; i < 200 && load.Refusals.IsEmpty; i++)
            {
                (await load.SendAsync(server.Http, 50, CancellationToken.None, padding)).ShouldBeTrue(server.Process.Talk);
            }

            load.Refusals.Keys.ShouldBe([(int)HttpStatusCode.ServiceUnavailable]);
            await Stored.ShouldHoldAsync(server.Http, load);

            File.Delete(ballast);
            var acknowledged = load.Acknowledged.Count;
            for (var i = 0; i < 100 && load.Acknowledged.Count == acknowledged; i++)
            {
                (await load.SendAsync(server.Http, 50, CancellationToken.None)).ShouldBeTrue(server.Process.Talk);
            }

            load.Acknowledged.Count.ShouldBeGreaterThan(acknowledged);
            await Stored.ShouldHoldAsync(server.Http, load);

            await server.KillAsync();
            await using var again = await ServerProcess.StartAsync(Path.Combine(mount, "data"));
            await Stored.ShouldHoldAsync(again.Http, load);
        }
        finally
        {
            TryRun("umount", "-l", mount);
        }
    }

    /// <summary>Takes all the room there is.</summary>
    private static async Task FillAsync(string path)
    {
        await using var ballast = File.Create(path);
        var block = new byte[64 << 10];
        try
        {
            while (true)
            {
                await ballast.WriteAsync(block);
                await ballast.FlushAsync();
            }
        }
        catch (IOException)
        {
            // That is what a full disk says.
        }
    }

    private static bool TryRun(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
