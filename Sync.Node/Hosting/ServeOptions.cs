using System.CommandLine;
using System.CommandLine.Parsing;
using Sync.Node.Inference.Answers;

namespace Sync.Node.Hosting;

/// <summary>The options of 'serve'.</summary>
internal sealed class ServeOptions
{
    /// <summary>Where 'serve' serves REST by default.</summary>
    public static readonly Uri DefaultRest = new("http://127.0.0.1:8000");
    private static readonly Uri DefaultGrpc = new("http://127.0.0.1:8001");

    private readonly Option<Uri?> _rest = new("--listen")
    {
        HelpName = "url",
        CustomParser = ParseAddress,
        Description = "Where to serve REST: http:// and a loopback address. Without any of the four: http://127.0.0.1:8000, and gRPC at port 8001.",
    };

    private readonly Option<Uri?> _grpc = new("--listen-grpc")
    {
        HelpName = "url",
        CustomParser = ParseAddress,
        Description = "Where to serve gRPC: http:// and a loopback address, with another port than REST.",
    };

    private readonly Option<string?> _socket = new("--socket") { HelpName = "path", Description = "The Unix socket at which to serve REST." };

    private readonly Option<string?> _grpcSocket =
        new("--socket-grpc") { HelpName = "path", Description = "The Unix socket at which to serve gRPC." };

    private readonly Option<bool> _remote = new("--insecure-allow-remote")
    {
        Description = "Allows addresses that other machines reach. All of them get answers: there is no TLS and no key.",
    };

    private readonly Option<int> _rows = new("--max-rows")
    {
        Description = "The most rows of one request.",
        DefaultValueFactory = _ => InferenceLimits.DefaultRows,
        CustomParser = BoundedNumber.Parser("--max-rows", 1, 10_000_000),
    };

    private readonly Option<int> _body = new("--max-body-mib")
    {
        Description = "The most MiB of one request.",
        DefaultValueFactory = _ => InferenceLimits.DefaultBodyMebibytes,
        CustomParser = BoundedNumber.Parser("--max-body-mib", 1, 1024),
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_rest, _grpc, _socket, _grpcSocket, _remote, _rows, _body])
        {
            command.Options.Add(option);
        }
    }

    public ServeSettings Read(ParseResult parsed)
    {
        ServeSettings settings = new(
            parsed.GetValue(_rest), parsed.GetValue(_grpc), parsed.GetValue(_socket), parsed.GetValue(_grpcSocket), parsed.GetValue(_remote),
            new InferenceLimits(parsed.GetValue(_rows), parsed.GetValue(_body) << 20));
        return settings is { Rest: null, Grpc: null, Socket: null, GrpcSocket: null }
            ? settings with { Rest = DefaultRest, Grpc = DefaultGrpc }
            : settings;
    }

    /// <summary>An address without a path.</summary>
    public static Uri? ParseAddress(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/")
        {
            return address;
        }

        result.AddError($"'{text}' is no address to serve at: use http://127.0.0.1:8000, without a path.");
        return null;
    }
}
