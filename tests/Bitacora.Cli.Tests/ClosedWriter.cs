using System.Text;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Tests;

/// <summary>An output whose reader is gone, which shows when what was written is flushed.</summary>
internal sealed class ClosedWriter : TextWriter
{
    private bool _holds;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => _holds = true;

    // What could not be written is held no longer, as in the framework's writer.
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        var held = _holds;
        _holds = false;
        return held ? Task.FromException(new OutputClosedException(new IOException("Broken pipe"))) : Task.CompletedTask;
    }
}
