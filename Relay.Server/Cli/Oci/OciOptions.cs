using System.CommandLine;
using System.Text;
using Relay.Server.Oci;
using Shared.Contracts;

namespace Relay.Server.Cli.Oci;

/// <summary>The artifact that a command sends to a registry or reads from it, and how it speaks to the registry.</summary>
internal sealed class OciOptions
{
    private const int MaximumCredentials = 64 * 1024;
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RequestTime = TimeSpan.FromMinutes(10);

    private readonly Option<string?> _auth = new("--registry-auth")
    {
        Description = "A file with NAME:PASSWORD, or with a token, for the registry. Default: none.",
        HelpName = "file",
    };

    private readonly Option<string?> _authority = new("--registry-ca")
    {
        Description = "The PEM file of the certificate authority of the registry. Default: the system's authorities.",
        HelpName = "file",
    };

    private readonly Option<bool> _insecure = new("--insecure-http")
    {
        Description = "Speaks to a registry on this machine without TLS.",
    };

    public Argument<string> Reference { get; } = new("reference") { Description = $"The artifact in the registry: {OciReference.Form}." };

    public void AddTo(Command command)
    {
        command.Options.Add(_auth);
        command.Options.Add(_authority);
        command.Options.Add(_insecure);
    }

    /// <exception cref="CommandException">The reference or the credentials have no sound form, or the registry may not be asked so.</exception>
    public OciReference Read(ParseResult parsed) => OciReference.TryParse(parsed.GetValue(Reference)!, out OciReference? reference)
        ? reference
        : throw new CommandException(DisplayText.Format($"'{parsed.GetValue(Reference)}' is not {OciReference.Form}."));

    /// <summary>A connection to the registry.</summary>
    public HttpClient CreateClient(ParseResult parsed, OciReference reference)
    {
        Uri address = new($"{(parsed.GetValue(_insecure) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps)}://{reference.Registry}");
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
        {
            throw new CommandException(DisplayText.Format($"--insecure-http is for a registry on this machine, and {reference.Registry} is not."));
        }

        SocketsHttpHandler handler = new() { AllowAutoRedirect = false, ConnectTimeout = ConnectTime };
        handler.SslOptions.CertificateChainPolicy = parsed.GetValue(_authority) is { } file ? RelayApi.Pin(file) : null;
        return new(handler) { BaseAddress = address, Timeout = RequestTime };
    }

    public OciCredentials ReadCredentials(ParseResult parsed)
    {
        if (parsed.GetValue(_auth) is not { } file)
        {
            return new(null);
        }

        string text = Encoding.UTF8.GetString(BoundedFile.Read(file, MaximumCredentials, "credentials of a registry")).Trim();
        return text.Length > 0 && !text.Any(char.IsControl)
            ? new(text)
            : throw new CommandException(DisplayText.Format($"'{file}' has no line with NAME:PASSWORD or a token."));
    }
}
