using System.Globalization;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Ingesting;

/// <summary>One line on the terminal that says how far it is, how fast, and how long it still takes. Nothing where nobody looks.</summary>
internal sealed class IngestProgress(Screen screen, IngestTotals totals, long bytesOfAll)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly long _began = screen.Clock.GetTimestamp();
    private long _told = screen.Clock.GetTimestamp();
    private long _before;
    private bool _shown;

    /// <summary>How long it has taken so far.</summary>
    public TimeSpan Elapsed => screen.Clock.GetElapsedTime(_began);

    /// <summary>Tells how far it is, if it is time.</summary>
    public void Tell(InputFile file)
    {
        if (!screen.ErrorIsTerminal || screen.Clock.GetElapsedTime(_told) < Interval)
        {
            return;
        }

        _told = screen.Clock.GetTimestamp();
        _shown = true;
        screen.Error.Write($"\r{Line(file)}\e[K");
    }

    /// <summary>Counts a file as read.</summary>
    public void Pass(long bytes) => _before += bytes;

    /// <summary>Takes the line away.</summary>
    public void Clear()
    {
        if (_shown)
        {
            _shown = false;
            screen.Error.Write("\r\e[K");
        }
    }

    private string Line(InputFile file)
    {
        var (stored, seconds) = (totals.Stored, Math.Max(Elapsed.TotalSeconds, 0.001));
        var rate = $"{Numbers.Count((long)(stored / seconds))}/s";
        if (file.IsLive)
        {
            return $"{Numbers.Count(stored, "record")} stored  {rate}";
        }

        var read = _before + file.BytesRead;
        var part = bytesOfAll == 0 ? 1 : Math.Min(1, (double)read / bytesOfAll);
        var left = part <= 0 ? "" : $"  {Numbers.Duration(TimeSpan.FromSeconds(seconds * (1 - part) / part))} left";
        var name = Wrapping.Cut(SafeText.Escape(Path.GetFileName(file.Name)), 24);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}  {part * 100:0} %  {Numbers.Size(read)} of {Numbers.Size(bytesOfAll)}  {Numbers.Count(stored)} stored  {rate}{left}");
    }
}
