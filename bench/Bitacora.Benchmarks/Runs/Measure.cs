using System.Diagnostics;
using System.Globalization;

namespace Bitacora.Benchmarks.Runs;

/// <summary>Wall time, processor time and medians.</summary>
internal static class Measure
{
    private static readonly TimeSpan _warming = TimeSpan.FromSeconds(2);

    /// <summary>Runs something once and gives its wall time and the processor time of this process.</summary>
    public static (TimeSpan Wall, TimeSpan Cpu) Once(Action action)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        action();
        return (clock.Elapsed, Environment.CpuUsage.TotalTime - cpu);
    }

    /// <summary>Of another process, in steps of some milliseconds; of this one <see cref="Environment.CpuUsage"/> is exact.</summary>
    public static TimeSpan ProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    /// <summary>
    /// Medians of two actions run in turns, in milliseconds; what each does in its first two seconds is thrown away, for a method is
    /// compiled well only after it was called often. The processor time tells more than the wall time where the machine is busy with
    /// other things.
    /// </summary>
    public static async Task<(RunTime First, RunTime Second)> MediansAsync(int runs, Func<Task> first, Func<Task> second)
    {
        await WarmAsync(first);
        await WarmAsync(second);
        var (firstTimes, secondTimes) = (new RunTime[runs], new RunTime[runs]);
        for (var i = 0; i < runs; i++)
        {
            firstTimes[i] = await TimeAsync(first);
            secondTimes[i] = await TimeAsync(second);
        }

        return (Median(firstTimes), Median(secondTimes));
    }

    public static void Row(string name, FormattableString value) =>
        Console.WriteLine($"| {name} | {value.ToString(CultureInfo.InvariantCulture)} |");

    private static RunTime Median(RunTime[] times) => new(
        times.Select(time => time.WallMs).Order().ElementAt(times.Length / 2),
        times.Select(time => time.CpuMs).Order().ElementAt(times.Length / 2));

    private static async Task WarmAsync(Func<Task> action)
    {
        var clock = Stopwatch.StartNew();
        do
        {
            await action();
        }
        while (clock.Elapsed < _warming);
    }

    private static async Task<RunTime> TimeAsync(Func<Task> action)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await action();
        return new RunTime(clock.Elapsed.TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds);
    }
}
