using System.Diagnostics;
using System.Globalization;

namespace Bitacora.Benchmarks.Cql;

/// <summary>A line of the table: the median of five passes by processor time, after one that is not counted.</summary>
internal static class CqlMeasurement
{
    private const int Repetitions = 5;

    public static async Task TakeAsync(string name, int rows, Func<Task> work)
    {
        await work();
        var results = new List<(double Rate, double Cpu, double Bytes)>();
        for (var i = 0; i < Repetitions; i++)
        {
            var (cpu, allocated, clock) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(true), Stopwatch.StartNew());
            await work();
            results.Add((
                rows / clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / rows,
                (GC.GetTotalAllocatedBytes(true) - allocated) / (double)rows));
        }

        var byCpu = results.OrderBy(result => result.Cpu).ToArray();
        var median = byCpu[Repetitions / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {median.Rate:0} | {median.Cpu:0.000} ({byCpu[0].Cpu:0.000}–{byCpu[^1].Cpu:0.000}) | {median.Bytes:0.00} |"));
    }
}
