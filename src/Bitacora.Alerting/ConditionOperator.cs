namespace Bitacora.Alerting;

/// <summary>How a count is compared with a threshold.</summary>
public enum ConditionOperator
{
    /// <summary><c>&gt;</c></summary>
    MoreThan,

    /// <summary><c>&gt;=</c></summary>
    AtLeast,

    /// <summary><c>&lt;</c></summary>
    LessThan,

    /// <summary><c>&lt;=</c></summary>
    AtMost,

    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>absence</c>: nothing arrived.</summary>
    Absent,
}
