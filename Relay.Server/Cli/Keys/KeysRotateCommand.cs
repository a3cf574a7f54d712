using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Relay.Server.Repository.Rotation;
using Shared.Contracts.Json;
using Shared.Contracts.Tuf;

namespace Relay.Server.Cli.Keys;

/// <summary><c>relay keys rotate</c>, <c>revoke</c> and <c>renew-root</c>: publish the next root, with other keys or the same.</summary>
internal static class KeysRotateCommand
{
    public static Command Create()
    {
        Argument<string[]> role = new("role")
        {
            Description = "One or several of root, targets, channels, snapshot and timestamp; or cms-signer; or cms-root.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> replace = new("--replace")
        {
            Description = "The id of the only key to replace, or its first characters. Default: all keys of the role.",
            HelpName = "key-id",
        };
        Option<FileInfo[]> publicKey = PublicKeyOption();
        Option<string?> from = KeysCmsCommands.FromOption();
        Option<bool> finish = KeysCmsCommands.FinishOption();
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new("rotate", "Replaces the keys of a role.") { role, replace, publicKey, from, finish, data };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            VerificationKey[] given = [.. (parsed.GetValue(publicKey) ?? []).Select(ReadPublicKey)];
            using RotationSession session = RotationSession.Open(parsed, data, database);
            TextWriter output = parsed.InvocationConfiguration.Output;
            string[] names = parsed.GetValue(role)!;
            string name = names[0];
            RejectUnusedOptions(
                names, parsed.GetValue(replace) is not null || given.Length > 0,
                parsed.GetValue(from) is not null || parsed.GetValue(finish));
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
        Argument<string> key = new("key-id")
        {
            Description = "The id of a lost or stolen key, or its first characters, as 'relay keys status' shows it.",
        };
        Option<FileInfo> publicKey = new("--public-key") { Description = "The PEM file of the public key that replaces it.", HelpName = "file" };
        publicKey.AcceptExistingOnly();
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new("revoke", "Removes a key from every role.") { key, publicKey, data };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            VerificationKey? given = parsed.GetValue(publicKey) is { } file ? ReadPublicKey(file) : null;
            using RotationSession session = RotationSession.Open(parsed, data, database);
            await RotationSession.ReportAsync(
                parsed.InvocationConfiguration.Output, await session.Rotation.RevokeAsync(parsed.GetValue(key)!, given, cancellationToken));
            return 0;
        });
        return command;
    }

    public static Command CreateRenewRoot()
    {
        Option<string> data = RepositoryAccess.DataOption();
        DatabaseOptions database = new();
        Command command = new("renew-root", "Creates the next root with the same keys, valid for another year.") { data };
        database.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RotationSession session = RotationSession.Open(parsed, data, database);
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
                ? throw new InvalidDataException(
                    $"'{file}' is a private key, which stays where it is. Set --public-key to the file of its public key.")
                : VerificationKey.FromEcdsa(pem);
        }
        catch (CryptographicException malformed)
        {
            throw new InvalidDataException($"'{file}' is not a public key on P-256: {malformed.Message}", malformed);
        }
    }

    // An option that has no effect may be what the operator relies on.
    private static void RejectUnusedOptions(string[] roles, bool hasKeyOptions, bool hasCmsRootOptions)
    {
        bool isCms = roles[0] is CmsRotation.RootRole or CmsRotation.SignerRole;
        string? wrong = hasKeyOptions && (isCms || roles.Length > 1) ? "--replace and --public-key need exactly one metadata role"
            : hasCmsRootOptions && roles is not [CmsRotation.RootRole] ? "--from and --finish need the role cms-root"
            : isCms && roles.Length > 1 ? $"{roles[0]} cannot be combined with other roles"
            : null;
        if (wrong is not null)
        {
            throw new CommandException($"{wrong}.");
        }
    }

    private static Option<FileInfo[]> PublicKeyOption()
    {
        Option<FileInfo[]> option = new("--public-key")
        {
            Description = "The PEM file of the public key of a key pair from 'relay keys create'.",
            HelpName = "file",
            AllowMultipleArgumentsPerToken = true,
        };
        option.AcceptExistingOnly();
        return option;
    }
}
