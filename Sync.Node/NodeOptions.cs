using System.CommandLine;
using System.CommandLine.Parsing;
using Sync.Client;
using Sync.Client.OnnxRuntime;

namespace Sync.Node;

/// <summary>The options of all commands; each is one of <see cref="RelaySyncOptions"/>.</summary>
internal sealed class NodeOptions
{
    private readonly Option<string> _root = Everywhere(new Option<string>("--root")
    {
        Description = "The root.json file from the relay's operator.",
        DefaultValueFactory = _ => "root.json",
    });

    private readonly Option<string> _store = Everywhere(new Option<string>("--store")
    {
        Description = "The folder of the node's store.",
        DefaultValueFactory = _ => "relay-store",
    });

    private readonly Option<string> _channel = Everywhere(new Option<string>("--channel")
    {
        Description = "The channel to follow.",
        DefaultValueFactory = _ => "stable",
    });

    private readonly Option<string> _node = Everywhere(new Option<string>("--node")
    {
        Description = "The node's name.",
        DefaultValueFactory = _ => Environment.MachineName,
    });

    private readonly Option<string[]> _models =
        Everywhere(new Option<string[]>("--model") { Description = "The name of a model to run; may be repeated." });
    private readonly Option<Uri?> _relay = Everywhere(new Option<Uri?>("--relay")
    {
        HelpName = "url",
        CustomParser = result => ParseAddresses(result).FirstOrDefault(),
        Description = "The address of the relay, https only. 'run', 'serve', 'refresh', 'pin', 'hold' and 'follow' use it."
    });
    private readonly Option<Uri[]> _mirrors = Everywhere(new Option<Uri[]>("--mirror")
    {
        HelpName = "url",
        CustomParser = ParseAddresses,
        Description = "The address of a mirror, https only; may be repeated."
    });
    private readonly Option<string?> _authority = Everywhere(
        new Option<string?>("--ca")
        {
            Description = "PEM file of the certificates to which the TLS certificates of the " +
            "relay and the mirrors must chain."
        });

    private readonly Option<string[]> _redirects = Everywhere(new Option<string[]>("--redirect-host")
    {
        HelpName = "host",
        Description = "A host to which the relay may send this node for artifacts, such as s3.example.com; may be repeated.",
    });

    private readonly Option<Uri?> _proxy = Everywhere(new Option<Uri?>("--proxy")
    {
        HelpName = "url",
        CustomParser = ParseProxy,
        Description = "The proxy on the way to relay and mirrors, such as http://proxy:3128; without it, the one that HTTPS_PROXY names.",
    });

    private readonly Option<string?> _token = Everywhere(new Option<string?>("--enroll-token-file")
    {
        HelpName = "file",
        Description = "A file with the enrollment token from the relay's operator. It is read when the relay does not know this node."
    });

    private readonly Option<string?> _window = Everywhere(new Option<string?>("--maintenance-window")
    {
        HelpName = "times",
        Description = "When a new release may become active, such as 'Mon-Fri 22:00-04:00 Europe/Berlin'; without a time zone, the machine's own.",
    });

    private readonly Option<string[]> _require = Everywhere(new Option<string[]>("--require")
    {
        HelpName = "gate",
        Description = "A gate that a version must have passed by its signed test result, such as parity; may be repeated.",
    });

    public void AddTo(RootCommand root)
    {
        Option[] all =
            [_root, _store, _channel, _node, _models, _relay, _mirrors, _authority, _redirects, _proxy, _token, _window, _require];
        foreach (Option option in all)
        {
            root.Options.Add(option);
        }
    }

    public RelaySyncOptions Read(ParseResult parsed)
    {
        RelaySyncOptions options = new()
        {
            TrustedRoot = parsed.GetValue(_root)!,
            StoreFolder = parsed.GetValue(_store)!,
            Channel = parsed.GetValue(_channel)!,
            NodeId = parsed.GetValue(_node)!,
            Relay = parsed.GetValue(_relay),
            TlsRoot = parsed.GetValue(_authority),
            MirrorTlsRoot = parsed.GetValue(_authority),
            Proxy = parsed.GetValue(_proxy),
            EnrollmentTokenFile = parsed.GetValue(_token),
            MaintenanceWindow = parsed.GetValue(_window),
        };
        foreach (string model in parsed.GetValue(_models) ?? [])
        {
            options.Models.Add(model);
        }

        foreach (string gate in parsed.GetValue(_require) ?? [])
        {
            options.Require.Add(gate);
        }

        foreach (string host in parsed.GetValue(_redirects) ?? [])
        {
            options.RedirectHosts.Add(host);
        }

        foreach (Uri mirror in parsed.GetValue(_mirrors) ?? [])
        {
            options.Mirrors.Add(mirror);
        }

        options.AirGapped = options.Relay is null && options.Mirrors.Count == 0;
        return options;
    }

    /// <summary>Sets the options of a host as those of the command line.</summary>
    public static void Copy(RelaySyncOptions from, RelaySyncOptions to)
    {
        (to.Relay, to.TrustedRoot, to.TlsRoot, to.StoreFolder) = (from.Relay, from.TrustedRoot, from.TlsRoot, from.StoreFolder);
        (to.NodeId, to.Channel, to.AirGapped, to.MirrorTlsRoot) = (from.NodeId, from.Channel, from.AirGapped, from.MirrorTlsRoot);
        (to.EnrollmentTokenFile, to.MaintenanceWindow, to.Explanations) = (from.EnrollmentTokenFile, from.MaintenanceWindow, from.Explanations);
        to.Proxy = from.Proxy;
        to.UseOnnxRuntime();
        from.Models.ToList().ForEach(to.Models.Add);
        from.Mirrors.ToList().ForEach(to.Mirrors.Add);
        from.RedirectHosts.ToList().ForEach(to.RedirectHosts.Add);
        from.Require.ToList().ForEach(to.Require.Add);
    }

    private static Uri[] ParseAddresses(ArgumentResult result)
    {
        List<Uri> addresses = [];
        foreach (string text in result.Tokens.Select(t => t.Value))
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttps)
            {
                addresses.Add(address);
            }
            else
            {
                result.AddError($"'{text}' is no https:// address.");
            }
        }

        return [.. addresses];
    }

    private static Uri? ParseProxy(ArgumentResult result)
    {
        string text = result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? address))
        {
            return address;
        }

        result.AddError($"'{text}' is no address of a proxy, such as http://proxy:3128.");
        return null;
    }

    private static T Everywhere<T>(T option)
        where T : Option
    {
        option.Recursive = true;
        return option;
    }
}
