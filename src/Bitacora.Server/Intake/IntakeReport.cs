using System.Text.Json;
using Bitacora.Delivery;
using Bitacora.Ingestion;
using Bitacora.Server.Answers;
using Microsoft.AspNetCore.Http;

namespace Bitacora.Server.Intake;

/// <summary>What became of a body's records.</summary>
internal sealed class IntakeReport
{
    private List<LineError>? _errors;

    /// <summary>Durable records, those that had come before included.</summary>
    public long Accepted { get; private set; }

    public long Duplicates { get; private set; }

    public long Rejected { get; private set; }

    /// <summary>Lines read, empty ones too.</summary>
    public long Lines { get; set; }

    public void Add(AcceptResult result)
    {
        Accepted += result.Accepted;
        Duplicates += result.Duplicates;
    }

    /// <summary>Counts refused lines; the first reasons of a body are kept.</summary>
    public void Reject(long count, IReadOnlyList<LineError> errors, long linesBefore)
    {
        Rejected += count;
        foreach (var error in errors)
        {
            if ((_errors?.Count ?? 0) < LineReader.MaxErrors)
            {
                (_errors ??= []).Add(error with { Line = error.Line + linesBefore });
            }
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("accepted"u8, Accepted);
        json.WriteNumber("duplicates"u8, Duplicates);
        json.WriteNumber("rejected"u8, Rejected);
        json.WriteStartArray("errors"u8);
        foreach (var error in _errors ?? [])
        {
            json.WriteStartObject();
            json.WriteNumber("line"u8, error.Line);
            json.WriteString("reason"u8, error.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The problem, with what had been taken before it.</summary>
    public Problem In(Problem problem) => problem with { Further = Write };

    /// <summary>The answer to a body none of whose lines could be read; null where one could, or there was none.</summary>
    public Problem? NothingRead() => Accepted > 0 || Rejected == 0
        ? null
        : In(new Problem(
            StatusCodes.Status400BadRequest, ProblemCode.NoLineRead,
            $"No line could be read; the first: {_errors?.FirstOrDefault()?.Reason ?? "unknown"}"));
}
