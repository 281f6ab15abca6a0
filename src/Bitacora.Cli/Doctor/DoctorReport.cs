using System.Text.Json;
using Bitacora.Cli.Answers;
using Bitacora.Cli.Options;
using Bitacora.Cli.Showing;

namespace Bitacora.Cli.Doctor;

/// <summary>Writes findings: what is bad in red with what to do below it.</summary>
internal sealed class DoctorReport(Screen screen)
{
    private const int Indent = 7;

    public void Write(IReadOnlyList<Finding> findings, OutputFormat format)
    {
        if (!RowOutput.TryWrite(screen, format, ["subject", "state", "text", "advice"], findings.Select(Json)))
        {
            Show(findings);
        }
    }

    private void Show(IReadOnlyList<Finding> findings)
    {
        var width = findings.Max(finding => SafeText.Escape(finding.Subject).Length) + 2;
        foreach (var finding in findings)
        {
            var subject = SafeText.Escape(finding.Subject).PadRight(width);
            screen.Out.WriteLine($"{MarkOf(finding.State)} {subject}{SafeText.Escape(finding.Text)}");
            if (finding.Advice is { } advice)
            {
                screen.Out.WriteLine($"{new string(' ', Indent + width)}{screen.OutColours.Dim(SafeText.Escape(advice))}");
            }
        }
    }

    private string MarkOf(FindingState state) => state switch
    {
        FindingState.Good => screen.OutColours.Green("[OK]  "),
        FindingState.Warning => screen.OutColours.Yellow("[WARN]"),
        _ => screen.OutColours.Red("[FAIL]"),
    };

    private static byte[] Json(Finding finding) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        subject = finding.Subject,
        state = finding.State switch { FindingState.Good => "ok", FindingState.Warning => "warn", _ => "fail" },
        text = finding.Text,
        advice = finding.Advice,
    });
}
