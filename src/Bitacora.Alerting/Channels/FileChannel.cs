using System.Globalization;
using System.Text;
using Bitacora.Alerting.Messages;

namespace Bitacora.Alerting.Channels;

/// <summary>
/// A line in a file. It is opened for each line, so that a rotated file is left at once, and a line is on disk before it counts. What does
/// not take it in time, as a pipe that nobody reads, has not taken it.
/// </summary>
internal sealed class FileChannel(FileSettings channel, AlertSettings settings, TimeProvider clock) : IAlertChannel
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    // No system breaks off the opening of a pipe or a write to a disk that hangs: it keeps one thread, and nothing is begun beside it.
    private Task _begun = Task.CompletedTask;

    public string Name => channel.Name;

    public Task SendAsync(AlertNotification notification, IReadOnlyList<string>? left, CancellationToken cancellationToken)
    {
        var line = Encoding.UTF8.GetBytes(LogLine.Of(new AlertMessage(notification, settings)) + "\n");

        // Who is told to stop waits all the same: a line that was written and that nobody remembers would be written twice.
        return InTimeAsync(() => Append(line), CancellationToken.None);
    }

    /// <summary>Opens the file, or one beside it that is gone at once where there is none yet.</summary>
    public async Task<string> ReachAsync(CancellationToken cancellationToken)
    {
        await InTimeAsync(Open, cancellationToken).ConfigureAwait(false);
        return $"{channel.Path} can be written";
    }

    private void Append(byte[] line)
    {
        using var file = new FileStream(channel.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
        file.Write(line);
        file.Flush(flushToDisk: true);
    }

    private void Open()
    {
        var exists = File.Exists(channel.Path);
        using var file = new FileStream(
            exists ? channel.Path : $"{channel.Path}.{Guid.NewGuid():n}", exists ? FileMode.Append : FileMode.CreateNew,
            FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0, exists ? FileOptions.None : FileOptions.DeleteOnClose);
    }

    private async Task InTimeAsync(Action work, CancellationToken cancellationToken)
    {
        try
        {
            if (!_begun.IsCompleted)
            {
                throw new TimeoutException();
            }

            _begun = Task.Run(work, CancellationToken.None);
            await _begun.WaitAsync(Deadline, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or TimeoutException)
        {
            var reason = error switch
            {
                TimeoutException => string.Create(
                    CultureInfo.InvariantCulture,
                    $"it did not take anything within {Deadline.TotalSeconds} s; is it a pipe that nobody reads?"),
                DirectoryNotFoundException => "there is no such directory",
                _ => error.Message,
            };
            throw new AlertDeliveryException($"the file {channel.Path} cannot be written: {reason}", error);
        }
    }
}
