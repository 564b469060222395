### Payments in Telegram Stars.

stars-refused-unknown = Такого счёта у нас нет, Stars не списаны. Пожалуйста, откройте новый: /subscribe
stars-refused-not-owner = Этот счёт выставлен другому человеку, Stars не списаны. Ваш счёт здесь: /subscribe
stars-refused-paid = Этот счёт уже оплачен, повторно ничего не списано. До какого дня он действует: /subscription
stars-refused-expired = Этот счёт устарел, Stars не списаны. Новый: /subscribe
stars-refused-wrong-amount = Цена изменилась с тех пор, как выставлен счёт. Stars не списаны. Новый: /subscribe
stars-refused-renews-already = У вас уже есть подписка в Stars, которая продлевается сама: вторая списывалась бы дважды. Ничего не списано. Когда следующее списание: /subscription
stars-returned = Мы не нашли вашего счёта к платежу на { $stars } Stars и вернули их вам. Оформить подписку: /subscribe
stars-renewal-failed = Telegram не смог продлить вашу подписку: не хватило Stars. Всё оплаченное открыто до конца своего срока. Оплатить снова: /subscribe
stars-renewal-missing = Telegram должен был продлить вашу подписку { $day }, но оплата не пришла. Всё останется открытым до { $open_until } Чтобы продолжить, выберите тариф; хватает ли Stars, видно в настройках Telegram. Если Stars всё же списаны, напишите: /paysupport
