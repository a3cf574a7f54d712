using Relay.Training.Federated;

namespace Relay.Training.Tests.Federated;

/// <summary>Whatever a coordinator or an owner does to messages, some owner finds it, and says what it is.</summary>
public sealed class RoundTamperingTests : IDisposable
{
    private readonly RoundOfOwners _owners = new();

    public void Dispose() => _owners.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [Trait("Attack", "altered-sum")]
    public void Run_CoordinatorAltersAMessage_BadSignature(int at) => Assert.Equal(RoundFault.BadSignature, _owners.RunToEnd((_, step, all) =>
    {
        all[1][^70] ^= step == at ? (byte)1 : (byte)0;
        return all;
    }));

    [Fact]
    [Trait("Attack", "altered-sum")]
    public void Run_CoordinatorAltersAnOwnersOwnMessage_BadSignature() => Assert.Equal(
        RoundFault.BadSignature, _owners.RunToEnd((receiver, step, all) =>
        {
            all[receiver][^1] ^= step == 2 ? (byte)1 : (byte)0;
            return all;
        }));

    [Fact]
    [Trait("Attack", "replayed-sum")]
    public void Run_CoordinatorReplaysAMessage_WrongStep()
    {
        byte[]? kept = null;

        RoundFault fault = _owners.RunToEnd((receiver, step, all) =>
        {
            if (receiver == 0 && step == 2)
            {
                kept = all[1];
            }

            all[1] = receiver == 0 && step == 3 ? kept! : all[1];
            return all;
        });

        Assert.Equal(RoundFault.WrongStep, fault);
    }

    [Fact]
    [Trait("Attack", "replayed-sum")]
    public void Run_CoordinatorBringsTheMessagesOfAnEarlierRun_NoSumComesOfThem()
    {
        List<byte[][]> earlier = [];
        _owners.Run(group => 0, (receiver, _, all) =>
        {
            if (receiver == 0)
            {
                earlier.Add(all);
            }

            return all;
        });

        // The greeting of another run is signed and of this round; what follows it is not of this run.
        RoundFault fault = _owners.RunToEnd((receiver, step, all) =>
        {
            all[1] = receiver == 0 && step < 2 ? earlier[step][1] : all[1];
            return all;
        });

        Assert.Equal(RoundFault.TranscriptsDiffer, fault);
    }

    [Fact]
    [Trait("Attack", "reordered-sums")]
    public void Run_CoordinatorReordersMessages_WrongSender() => Assert.Equal(RoundFault.WrongSender, _owners.RunToEnd((receiver, step, all) =>
    {
        if (receiver == 0 && step == 2)
        {
            (all[1], all[2]) = (all[2], all[1]);
        }

        return all;
    }));

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [Trait("Attack", "dropped-sum")]
    public void Run_CoordinatorDropsAMessage_MalformedMessage(int left) => Assert.Equal(
        RoundFault.MalformedMessage, _owners.RunToEnd((receiver, step, all) => receiver == 0 && step == 2 ? all[..left] : all));

    [Fact]
    [Trait("Attack", "dropped-sum")]
    public void Run_CoordinatorCutsAMessage_MalformedMessage() => Assert.Equal(RoundFault.MalformedMessage, _owners.RunToEnd((receiver, step, all) =>
    {
        all[2] = receiver == 0 && step == 2 ? all[2][..^1] : all[2];
        return all;
    }));

    /// <summary>An owner that conspires with the coordinator signs two messages, and two owners would have different sums.</summary>
    [Fact]
    [Trait("Attack", "two-sums")]
    public void Run_OwnersReceiveDifferentSums_TranscriptsDifferAtTheNextStep() => Assert.Equal(
        RoundFault.TranscriptsDiffer, _owners.RunToEnd((receiver, step, all) =>
        {
            if (receiver == 0 && step == 2)
            {
                RoundMessage honest = RoundMessage.Parse(all[1]);
                all[1] = (honest with { Payload = new byte[honest.Payload.Length] }).ToBytes(_owners.Keys[1]);
            }

            return all;
        }));

    [Fact]
    [Trait("Attack", "intruder")]
    public void Run_CoordinatorGreetsInAnOwnersName_BadSignature()
    {
        using OwnerKey intruder = OwnerKey.Create();

        Assert.Equal(RoundFault.BadSignature, _owners.RunToEnd((receiver, step, all) =>
        {
            all[1] = receiver == 0 && step == 0 ? RoundMessage.Parse(all[1]).ToBytes(intruder) : all[1];
            return all;
        }));
    }

    [Fact]
    public void Parse_AnyByteOfAMessageCutOrChanged_IsRefusedOrNotSigned()
    {
        using RoundVerifier verifier = new(_owners.Round);
        byte[] message = new RoundMessage(MessageKind.Sum, 1, 5, _owners.Round.Digest, new byte[32], new byte[24]).ToBytes(_owners.Keys[1]);
        verifier.Require(RoundMessage.Parse(message));

        for (int at = 0; at < message.Length; at++)
        {
            byte[] altered = [.. message];
            altered[at] ^= 0x40;
            Assert.Throws<RoundException>(() => verifier.Require(RoundMessage.Parse(altered)));
            Assert.Throws<RoundException>(() => verifier.Require(RoundMessage.Parse(message[..at])));
        }
    }
}
