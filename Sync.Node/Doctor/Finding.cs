namespace Sync.Node.Doctor;

/// <summary>The result of one check.</summary>
/// <param name="Detail">What was found; where it is not right, also what to do.</param>
internal sealed record Finding(Severity Severity, string Subject, string Detail)
{
    public static Finding Ok(string subject, string detail) => new(Severity.Ok, subject, detail);

    public static Finding Warning(string subject, string detail) => new(Severity.Warning, subject, detail);

    public static Finding Failure(string subject, string detail) => new(Severity.Failure, subject, detail);
}

internal enum Severity
{
    Ok,

    /// <summary>Works, and will not for long, or not in every case.</summary>
    Warning,

    /// <summary>Does not work. 'doctor' then ends with 1.</summary>
    Failure,
}
