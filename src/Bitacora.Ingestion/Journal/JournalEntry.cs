using System.Buffers.Text;
using Bitacora.Ingestion.Lines;
using Bitacora.Records;

namespace Bitacora.Ingestion.Journal;

/// <summary>
/// Writes the fields of one entry of systemd's journal into a record, in whatever form and order they come. Names with two underscores at
/// the start are the journal's own. The texts must stay where they are until <see cref="Write"/>.
/// </summary>
internal ref struct JournalEntry(RecordWriter record)
{
    private readonly RecordWriter _record = record;
    private ReadOnlySpan<byte> _sourceTime;
    private ReadOnlySpan<byte> _time;
    private ReadOnlySpan<byte> _identifier;
    private ReadOnlySpan<byte> _command;
    private ReadOnlySpan<byte> _unit;
    private ReadOnlySpan<byte> _syslogPid;
    private ReadOnlySpan<byte> _pid;

    /// <summary>Takes a field.</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("MESSAGE"u8))
        {
            _record.SetText(NamedField.Message, value);
        }
        else if (name.SequenceEqual("_HOSTNAME"u8))
        {
            _record.SetText(NamedField.Host, value);
        }
        else if (name.SequenceEqual("PRIORITY"u8) && value.Length == 1 && value[0] is >= (byte)'0' and <= (byte)'7')
        {
            WriteLevel(value[0] - '0');
        }
        else if (!TryKeep(name, value) && !name.StartsWith("__"u8))
        {
            _record.AddAttribute(name, value);
        }
    }

    /// <summary>Writes what several fields together say.</summary>
    public readonly void Write()
    {
        _record.Layer = Layer.Infrastructure;
        _record.SetText(NamedField.Source, _identifier);
        _record.SetText(NamedField.Source, _command);
        _record.SetText(NamedField.Source, _unit.EndsWith(".service"u8) ? _unit[..^8] : _unit);
        WriteTime();
        WritePid("SYSLOG_PID"u8, _syslogPid);
        WritePid("_PID"u8, _pid);
    }

    private bool TryKeep(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.SequenceEqual("SYSLOG_IDENTIFIER"u8))
        {
            _identifier = value;
        }
        else if (name.SequenceEqual("SYSLOG_PID"u8))
        {
            _syslogPid = value;
        }
        else if (name.SequenceEqual("_PID"u8))
        {
            _pid = value;
        }
        else if (name.SequenceEqual("_SOURCE_REALTIME_TIMESTAMP"u8))
        {
            _sourceTime = value;
        }
        else if (name.SequenceEqual("__REALTIME_TIMESTAMP"u8))
        {
            _time = value;
        }
        else
        {
            // These say more than the source that they may give.
            _command = name.SequenceEqual("_COMM"u8) ? value : _command;
            _unit = name.SequenceEqual("_SYSTEMD_UNIT"u8) ? value : _unit;
            return false;
        }

        return true;
    }

    private readonly void WriteLevel(int priority)
    {
        _record.Level = Levels.FromSyslog(priority);
        var word = priority switch
        {
            0 => "emerg"u8,
            1 => "alert"u8,
            5 => "notice"u8,
            _ => default,
        };
        if (!word.IsEmpty)
        {
            _record.AddAttribute(ReservedAttributes.LevelText, word);
        }
    }

    private readonly void WriteTime()
    {
        if (TryMicroseconds(_sourceTime, out var ticks))
        {
            _record.SetTime(ticks);
            return;
        }

        if (!_sourceTime.IsEmpty)
        {
            _record.AddAttribute("_SOURCE_REALTIME_TIMESTAMP"u8, _sourceTime);
        }

        if (TryMicroseconds(_time, out ticks))
        {
            _record.SetTime(ticks);
        }
        else if (!_time.IsEmpty)
        {
            _record.AddAttribute(ReservedAttributes.OriginalTime, _time);
        }
    }

    private readonly void WritePid(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!_record.HasAttribute(AttributeNames.ProcessId) && Utf8Parser.TryParse(value, out long pid, out var length)
            && length == value.Length)
        {
            _record.AddAttribute(AttributeNames.ProcessId, pid);
        }
        else if (!value.IsEmpty)
        {
            _record.AddAttribute(name, value);
        }
    }

    private static bool TryMicroseconds(ReadOnlySpan<byte> value, out long ticks)
    {
        var isNumber = Utf8Parser.TryParse(value, out long microseconds, out var length) && length == value.Length
            && microseconds is >= 0 and < long.MaxValue / 10;
        ticks = isNumber ? microseconds * 10 : 0;
        return isNumber;
    }
}
