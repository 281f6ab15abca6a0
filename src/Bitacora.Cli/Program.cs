using System.Runtime.InteropServices;
using Bitacora.Cli.Commands;
using Bitacora.Cli.Showing;

using var stop = new CancellationTokenSource();
var asked = 0;

void OnSignal(PosixSignalContext context)
{
    // The first asks the command to end in order, the second does not ask.
    if (Interlocked.Increment(ref asked) == 1)
    {
        context.Cancel = true;
        stop.Cancel();
    }
    else
    {
        Environment.Exit(ExitCode.Interrupted);
    }
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
return await CommandLine.RunAsync(ConsoleScreen.Open(), args, stop.Token);
