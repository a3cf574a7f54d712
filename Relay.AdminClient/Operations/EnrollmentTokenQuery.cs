using Relay.AdminClient.Transport;

namespace Relay.AdminClient.Operations;

/// <summary>Which enrollment tokens to list. What is null excludes none.</summary>
public sealed record EnrollmentTokenQuery
{
    /// <summary>True: those with which nodes can enroll; false: the others.</summary>
    public bool? Usable { get; init; }

    internal string ToPath(string path) => new QueryText()
        .Add("usable", Usable)
        .ToPath(path);
}
