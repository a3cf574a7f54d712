namespace Sync.Client.Transport;

/// <summary>Says why a server cannot be reached, and what to do about it.</summary>
internal static class ConnectionError
{
    public static string Explain(Uri server, HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.ConnectionError =>
            $"nothing answers at {server}: check that the relay runs and that the address, the proxy and the firewall are right ({e.Message})",
        HttpRequestError.NameResolutionError =>
            $"the name in {server} is not known: check the address in the options, and the DNS of this machine ({e.Message})",
        HttpRequestError.ProxyTunnelError =>
            $"the proxy does not connect to {server}: check {OptionNames.Proxy}, or the variables HTTPS_PROXY and NO_PROXY ({e.Message})",
        _ => e.Message,
    };

    /// <summary>The handler's own time-outs come as cancellations.</summary>
    public static string ExplainTimeout(Uri server, OperationCanceledException e) =>
        $"no connection to {server}: check that the relay runs and that no firewall drops packets ({e.InnerException?.Message ?? e.Message})";

    /// <param name="tlsRoot">Path of the certificates that the options name; null for those of the system.</param>
    public static string ExplainTls(Uri server, string? tlsRoot, HttpRequestException e)
    {
        string cause = e.InnerException?.Message ?? e.Message;
        string what = cause.Contains("NameMismatch", StringComparison.Ordinal)
            ? "is for another name: use the name that the certificate has"
            : tlsRoot is null
                ? $"is by no authority of this system: set {OptionNames.TlsRoot} to ca.pem from the relay's operator{ForMirrors()}"
                : $"is not by the authority in '{tlsRoot}': get ca.pem from the relay's operator";
        return cause.Contains("certificate", StringComparison.Ordinal)
            ? $"TLS: the certificate of {server} {what} ({cause})"
            : $"TLS: no connection to {server} ({cause})";
    }

    private static string ForMirrors() => OptionNames.MirrorTlsRoot == OptionNames.TlsRoot ? "" : $" (of a mirror, {OptionNames.MirrorTlsRoot})";
}
