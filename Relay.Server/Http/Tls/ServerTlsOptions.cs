namespace Relay.Server.Http.Tls;

/// <summary>Which certificate the relay presents.</summary>
internal sealed record ServerTlsOptions
{
    /// <summary>More host names and addresses for the certificate of the relay's own authority.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>A PEM chain to present; null: a certificate of the relay's own authority.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>The PEM key of <see cref="CertificateFile"/>; null: it is in the same file.</summary>
    public string? CertificateKeyFile { get; init; }
}
