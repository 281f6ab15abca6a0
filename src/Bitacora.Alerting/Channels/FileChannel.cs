using System.Text;
using Bitacora.Alerting.Messages;

namespace Bitacora.Alerting.Channels;

/// <summary>
/// A line in a file. It is opened for each line, so that a rotated file is left at once, and a line is on disk before it counts.
/// </summary>
internal sealed class FileChannel(FileSettings channel, AlertSettings settings) : IAlertChannel
{
    public string Name => channel.Name;

    public async Task SendAsync(AlertNotification notification, CancellationToken cancellationToken)
    {
        var line = Encoding.UTF8.GetBytes(LogLine.Of(new AlertMessage(notification, settings)) + "\n");
        try
        {
            var file = new FileStream(channel.Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
            await using (file.ConfigureAwait(false))
            {
                await file.WriteAsync(line, cancellationToken).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AlertDeliveryException($"the file {channel.Path} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Opens the file, or one beside it that is gone at once where there is none yet.</summary>
    public async Task<string> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            var exists = File.Exists(channel.Path);
            var file = new FileStream(
                exists ? channel.Path : $"{channel.Path}.{Guid.NewGuid():n}", exists ? FileMode.Append : FileMode.CreateNew,
                FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0, exists ? FileOptions.None : FileOptions.DeleteOnClose);
            await file.DisposeAsync().ConfigureAwait(false);
            return $"{channel.Path} can be written";
        }
        catch (DirectoryNotFoundException error)
        {
            throw new AlertDeliveryException($"the file {channel.Path} cannot be written: there is no such directory", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new AlertDeliveryException($"the file {channel.Path} cannot be written: {error.Message}", error);
        }
    }
}
