using Bitacora.Cli.Showing;
using Bitacora.Ingestion;

namespace Bitacora.Cli.Ingesting;

/// <summary>The formats that can be read, with an example each.</summary>
internal static class FormatList
{
    public static void Write(Screen screen)
    {
        foreach (var format in LogFormats.All)
        {
            screen.Out.WriteLine($"{screen.OutColours.Bold(format.Id)}  {format.Description}");
            foreach (var line in format.Example.Split('\n'))
            {
                screen.Out.WriteLine(screen.OutColours.Dim($"    {line}"));
            }
        }
    }
}
