using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Repository.Rotation;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys rotate</c>, <c>revoke</c> and <c>renew-root</c>: the next root, with other keys or the same.</summary>
internal static class KeysRotateCommand
{
    public static Command Create()
    {
        Argument<string[]> role = new("ROLE")
        {
            Description = "root, targets, channels, snapshot and timestamp, one or several at once; or cms-signer; or cms-root.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> replace = new("--replace") { Description = "The id of the one key to replace, or its start; default: all of the role." };
        Option<FileInfo[]> publicKey = PublicKeyOption();
        Option<string?> from = KeysCmsCommands.FromOption();
        Option<bool> finish = KeysCmsCommands.FinishOption();
        Option<string> data = RepositoryCommands.DataOption();
        Command command = new("rotate", "Replaces keys of a role, everywhere and for good.") { role, replace, publicKey, from, finish, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            VerificationKey[] given = [.. (parsed.GetValue(publicKey) ?? []).Select(ReadPublicKey)];
            using RotationSession session = RotationSession.Open(parsed.GetValue(data)!);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string[] names = parsed.GetValue(role)!;
            string name = names[0];
            RequireOptionsOf(names, parsed.GetValue(replace) is not null || given.Length > 0, parsed.GetValue(from) is not null || parsed.GetValue(finish));
            if (name is CmsRotation.RootRole or CmsRotation.SignerRole)
            {
                await KeysCmsCommands.RotateAsync(
                    session, name, parsed.GetValue(from), parsed.GetValue(finish), output, cancellationToken);
                return 0;
            }

            await RotationSession.ReportAsync(output, names.Length == 1
                ? await session.Rotation.RotateAsync(name, parsed.GetValue(replace), given, cancellationToken)
                : await session.Rotation.RotateAsync(names, cancellationToken));
            return 0;
        });
        return command;
    }

    public static Command CreateRevoke()
    {
        Argument<string> key = new("KEYID") { Description = "The id of a lost or stolen key, or its start, as 'keys status' shows it." };
        Option<FileInfo> publicKey = new("--public-key") { Description = "PEM of the public half of the key that takes its place." };
        publicKey.AcceptExistingOnly();
        Option<string> data = RepositoryCommands.DataOption();
        Command command = new("revoke", "Takes a key out of every role, for good.") { key, publicKey, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            VerificationKey? given = parsed.GetValue(publicKey) is { } file ? ReadPublicKey(file) : null;
            using RotationSession session = RotationSession.Open(parsed.GetValue(data)!);
            RotationOutcome outcome = await session.Rotation.RevokeAsync(parsed.GetValue(key)!, given, cancellationToken);
            await RotationSession.ReportAsync(parsed.InvocationConfiguration.Output, outcome);
            return 0;
        });
        return command;
    }

    public static Command CreateRenewRoot()
    {
        Option<string> data = RepositoryCommands.DataOption();
        Command command = new("renew-root", "Makes the next root with the same keys, valid for another year.") { data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RotationSession session = RotationSession.Open(parsed.GetValue(data)!);
            await RotationSession.ReportAsync(
                parsed.InvocationConfiguration.Output, await session.Rotation.RenewRootAsync(cancellationToken));
            return 0;
        });
        return command;
    }

    /// <exception cref="InvalidDataException">It is not a public key on P-256.</exception>
    internal static VerificationKey ReadPublicKey(FileInfo file)
    {
        try
        {
            string pem = File.ReadAllText(file.FullName, Encoding.ASCII);
            return pem.Contains("PRIVATE KEY", StringComparison.Ordinal)
                ? throw new InvalidDataException($"'{file}' is a private key: it stays where it is. Give its public half.")
                : VerificationKey.FromEcdsa(pem);
        }
        catch (CryptographicException malformed)
        {
            throw new InvalidDataException($"'{file}' is not a public key on P-256: {malformed.Message}", malformed);
        }
    }

    // An option that would be passed over may be what the operator counts on.
    private static void RequireOptionsOf(string[] roles, bool ofOneRole, bool ofCmsRoot)
    {
        bool isCms = roles[0] is CmsRotation.RootRole or CmsRotation.SignerRole;
        string? wrong = ofOneRole && (isCms || roles.Length > 1) ? "--replace and --public-key go with one role of metadata"
            : ofCmsRoot && roles is not [CmsRotation.RootRole] ? "--from and --finish go with cms-root"
            : isCms && roles.Length > 1 ? $"{roles[0]} is rotated alone"
            : null;
        if (wrong is not null)
        {
            throw new RotationException(RotationFault.NotPossible, $"{wrong}.");
        }
    }

    private static Option<FileInfo[]> PublicKeyOption()
    {
        Option<FileInfo[]> option = new("--public-key")
        {
            Description = "PEM of the public half of a key made elsewhere by 'keys create'.", AllowMultipleArgumentsPerToken = true,
        };
        option.AcceptExistingOnly();
        return option;
    }
}
