using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Bitacora.Benchmarks.Cassandra;
using Bitacora.Benchmarks.Cql;
using Bitacora.Benchmarks.Logging;
using Bitacora.Benchmarks.Runs;

switch (args)
{
    case ["all", .. var rest]:
        var options = RunOptions.Parse(rest);
        GenerateRun.Run(options);
        PlainIngestRun.Run(options);
        await TurnsRun.RunAsync(options);
        await ServerIngestRun.RunAsync(options);
        await QueryRun.RunAsync(options);
        await LatencyRun.RunAsync(options);
        await FileIngestRun.RunAsync(options);
        return 0;
    case ["generate", .. var rest]:
        GenerateRun.Run(RunOptions.Parse(rest));
        return 0;
    case ["plain", .. var rest]:
        PlainIngestRun.Run(RunOptions.Parse(rest));
        return 0;
    case ["store", .. var rest]:
        await StoreIngestRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["server", .. var rest]:
        await ServerIngestRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["turns", .. var rest]:
        await TurnsRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["query", .. var rest]:
        await QueryRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["latency", .. var rest]:
        await LatencyRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["alerts", .. var rest]:
        await AlertRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["ingest-formats", .. var rest]:
        await FormatIngestRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["ingest-files", .. var rest]:
        await FileIngestRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["cassandra", var address, .. var rest]:
        string[] parts = [.. rest.TakeWhile(argument => !argument.StartsWith('-'))];
        await ClusterRun.RunAsync(address, RunOptions.Parse(rest[parts.Length..]), parts);
        return 0;
    case ["cql", .. var works] when works.All(work => work.StartsWith('W')):
        await CqlRun.RunAsync(works);
        return 0;
    case ["cql", var address]:
        await CqlRun.RunAsync([], address);
        return 0;
    case [SteadyNode.Command, .. var numbers]:
        var values = Array.ConvertAll(numbers, number => int.Parse(number, CultureInfo.InvariantCulture));
        await SteadyNode.ServeAsync(values[0], values[1], values[2]);
        return 0;
    case ["logging", .. var names]:
        LoggingRun.Run(names);
        return 0;
    case ["micro", .. var rest]:
        // In this process: the project that BenchmarkDotNet would generate does not pass our own build's rules.
        var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest, DefaultConfig.Instance.AddJob(job));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            usage: Bitacora.Benchmarks COMMAND [--records N] [--work DIR] [--day YYYY-MM-DD] [--server PATH]
              all        generate to ingest-files, on one corpus
              generate   writes the corpus as JSON lines
              plain      parsing and DuckDB append of the corpus in one process
              server     the same over HTTP into a server of its own: cost, memory, start
              turns      what a record costs the plain table and the server, five times in turns; several --server are compared
              query      questions to the store that 'server' or 'store' filled and to the plain table; loads the day again
              latency    how long acknowledgements take at a given pace
              ingest-files   'bitacora ingest' of the corpus in several formats, beside the main job on as many records
              store      the embedded store alone: append and seal
              alerts     what it costs to judge 100 rules once a minute over the day in the embedded store
              ingest-formats   each log format from a file to batches, on one core
              cql [W4 …]       the Cassandra client against a fake node on a core of its own: all, or these works
              cql HOST:PORT    the same against a real node
              cassandra HOST:PORT [write] [senders] [read] [compat]   the cluster store on a real node
              logging [NAME …]   what a log call costs, of every provider (or those whose names contain one of these), in turns
              micro …    BenchmarkDotNet; what follows are its own options
            """);
        return 2;
}
