using BenchmarkDotNet.Running;
using Bitacora.Benchmarks.Runs;

switch (args)
{
    case ["generate", .. var rest]:
        GenerateRun.Run(RunOptions.Parse(rest));
        return 0;
    case ["plain", .. var rest]:
        PlainIngestRun.Run(RunOptions.Parse(rest));
        return 0;
    case ["store", .. var rest]:
        await StoreIngestRun.RunAsync(RunOptions.Parse(rest));
        return 0;
    case ["micro", .. var rest]:
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest);
        return 0;
    default:
        Console.Error.WriteLine(
            """
            usage: Bitacora.Benchmarks COMMAND [--records N] [--work DIR] [--day YYYY-MM-DD]
              generate   writes the corpus as JSON lines
              plain      parsing and DuckDB append of the corpus in one process
              store      the embedded store alone: append and seal
              micro …    BenchmarkDotNet; what follows are its own options
            """);
        return 2;
}
