using System.Text;
using Relay.Training.Federated;

namespace Relay.Training.Tests.Federated;

/// <summary>Owners who train something else than the others find out, and say what differs.</summary>
public sealed class DifferingOwnersTests : IDisposable
{
    private readonly RoundOfOwners _owners = new();

    public void Dispose() => _owners.Dispose();

    [Fact]
    public void Run_OwnerSumsOtherNumbers_WrongLength() => Assert.Equal(
        RoundFault.WrongLength, _owners.RunToEnd((_, _, all) => all, group => group.Sum(new long[group.Rank == 2 ? 4 : 3])));

    [Fact]
    public void Run_OwnerEndsBeforeTheOthers_WrongStep() => Assert.Equal(RoundFault.WrongStep, _owners.RunToEnd((_, _, all) => all, group =>
    {
        if (group.Rank == 2)
        {
            group.Finish(new byte[32]);
        }
        else
        {
            group.Sum(new long[4]);
        }
    }));

    [Fact]
    public void Run_OwnerWithAnotherModel_ModelsDiffer() => Assert.Equal(
        RoundFault.ModelsDiffer, _owners.RunToEnd((_, _, all) => all, group => group.Finish([(byte)(group.Rank / 2)])));

    [Fact]
    public void Run_OwnerWithAnotherRoundDocument_OtherRound()
    {
        RoundDocument other = RoundDocument.Parse(_owners.Plan.Write());

        Assert.Equal(RoundFault.OtherRound, _owners.RunToEnd((_, step, all) =>
        {
            all[2] = step == 0 ? (RoundMessage.Parse(all[2]) with { RoundDigest = other.Digest }).ToBytes(_owners.Keys[2]) : all[2];
            return all;
        }));
    }

    [Fact]
    public void Run_OwnerWithAnotherProgram_OtherProgram() => Assert.Equal(RoundFault.OtherProgram, _owners.RunToEnd((receiver, step, all) =>
    {
        if (receiver == 0 && step == 0)
        {
            RoundMessage hello = RoundMessage.Parse(all[1]);
            all[1] = (hello with { Payload = (byte[])[.. hello.Payload.Span, (byte)'x'] }).ToBytes(_owners.Keys[1]);
        }

        return all;
    }));

    /// <summary>A greeting of an owner with a key that is none, or none of the curve.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(200)]
    public void Run_GreetingWithoutAKey_MalformedMessage(int length) => Assert.Equal(
        RoundFault.MalformedMessage, _owners.RunToEnd((receiver, step, all) =>
        {
            if (receiver == 0 && step == 0)
            {
                byte[] program = Encoding.UTF8.GetBytes(RoundHandshake.Program);
                byte[] hello = length == 2 ? [1, 0] : [.. BitConverter.GetBytes(length), .. new byte[length], .. program];
                all[1] = (RoundMessage.Parse(all[1]) with { Payload = hello }).ToBytes(_owners.Keys[1]);
            }

            return all;
        }));
}
