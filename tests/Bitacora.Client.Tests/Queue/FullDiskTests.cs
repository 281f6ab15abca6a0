using System.Diagnostics;

namespace Bitacora.Client.Tests.Queue;

/// <summary>On a file system of a few megabytes, where one may be mounted.</summary>
public sealed class FullDiskTests : QueueTest
{
    [Fact]
    public async Task A_disk_without_room_for_the_queue_leaves_it_in_memory_and_the_spool_works()
    {
        using var disk = SmallDisk.Mount(Spool, megabytes: 3);
        Destination.Away = "no route";
        await using var queue = Open(Spooling);
        WriteMany(queue, 500);
        await UntilAsync(() => queue.Snapshot() is { InSpool: 500, InRing: 0 });
        queue.Snapshot().IsQueueOnDisk.ShouldBeFalse();
        queue.Snapshot().SpoolProblem.ShouldNotBeNull().ShouldStartWith("The queue is in memory, and a kill of the process takes");
        queue.FlushToDisk();
        Destination.Away = null;
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.ShouldBe(Names(500));
    }

    [Fact]
    public async Task A_disk_that_fills_costs_nothing_that_was_taken_and_the_spool_goes_on_when_there_is_room()
    {
        using var disk = SmallDisk.Mount(Spool, megabytes: 8);
        Destination.Away = "no route";
        await using var queue = Open(Spooling with { QueueBytes = 64 << 10, QueueCapacity = 200 });
        var taken = 0;
        WriteMany(queue, 100);
        taken += 100;
        await UntilAsync(() => queue.Snapshot() is { InSpool: 100 });
        disk.Fill();
        await UntilAsync(() =>
        {
            taken += Write(queue, Name(taken)) ? 1 : 0;
            return queue.Snapshot() is { SpoolProblem: not null, DroppedFull: > 0 };
        });
        ShouldHold(queue.Snapshot());
        disk.Empty();
        await UntilAsync(() => queue.Snapshot() is { SpoolProblem: null, InRing: 0 });
        Destination.Away = null;
        (await queue.FlushAsync(default)).ShouldBeTrue();
        Destination.Messages.Where(message => message.Length == 6).ShouldBe(Names(taken));
        queue.Snapshot().LogsWritten.ShouldBe(queue.Snapshot().Accepted);
    }

    private sealed class SmallDisk : IDisposable
    {
        private readonly string _path;

        private SmallDisk(string path) => _path = path;

        private string Ballast => Path.Combine(_path, "ballast");

        public static SmallDisk Mount(string path, int megabytes)
        {
            Directory.CreateDirectory(path);
            Assert.SkipUnless(
                TryRun("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path), "Mounting a tmpfs is not permitted here.");
            return new SmallDisk(path);
        }

        /// <summary>Takes all the room there is.</summary>
        public void Fill()
        {
            using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[4096];
            try
            {
                while (true)
                {
                    ballast.Write(block);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }

        public void Empty() => File.Delete(Ballast);

        public void Dispose() => TryRun("umount", "-l", _path);

        private static bool TryRun(string command, params string[] arguments)
        {
            try
            {
                var start = new ProcessStartInfo(command, arguments) { RedirectStandardError = true };
                using var process = Process.Start(start)!;
                process.StandardError.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
