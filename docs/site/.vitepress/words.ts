import type { DefaultTheme } from "vitepress";
import type { Lang } from "../pages/contents.ts";

interface Words {
	readonly description: string;
	readonly reference: string;
	/** Behind the name of a page that is not translated. */
	readonly inEnglish: string;
	readonly nav: Readonly<Record<"tutorial" | "playground" | "gallery" | "reference", string>>;
	/** What the theme says. */
	readonly ui: DefaultTheme.Config;
	readonly search?: object;
}

/** What the site says around its pages. */
export const WORDS = {
	en: {
		description: "An autograd mini-framework in TypeScript that shows its work",
		reference: "Reference",
		inEnglish: "",
		nav: {
			tutorial: "Tutorial",
			playground: "Playground",
			gallery: "Gallery",
			reference: "Reference",
		},
		ui: { outline: { level: [2, 3], label: "On this page" } },
	},
	zh: {
		description: "用 TypeScript 写的自动微分小框架，把推导过程写给你看",
		reference: "参考手册",
		inEnglish: "（英文）",
		nav: { tutorial: "教程", playground: "演练场", gallery: "示例集", reference: "参考手册" },
		ui: {
			outline: { level: [2, 3], label: "本页目录" },
			docFooter: { prev: "上一页", next: "下一页" },
			darkModeSwitchLabel: "外观",
			lightModeSwitchTitle: "切换到浅色",
			darkModeSwitchTitle: "切换到深色",
			sidebarMenuLabel: "目录",
			returnToTopLabel: "回到顶部",
			langMenuLabel: "切换语言",
			skipToContentLabel: "跳到正文",
			notFound: {
				title: "找不到这一页",
				quote: "地址可能写错了，或者这一页已经移走。",
				linkLabel: "回到首页",
				linkText: "回到首页",
			},
		},
		search: {
			button: { buttonText: "搜索", buttonAriaLabel: "搜索" },
			modal: {
				displayDetails: "显示详情",
				resetButtonTitle: "清空",
				backButtonTitle: "关闭搜索",
				noResultsText: "没有找到：",
				footer: {
					selectText: "选择",
					selectKeyAriaLabel: "回车键",
					navigateText: "移动",
					navigateUpKeyAriaLabel: "上箭头键",
					navigateDownKeyAriaLabel: "下箭头键",
					closeText: "关闭",
					closeKeyAriaLabel: "退出键",
				},
			},
		},
	},
} satisfies Record<Lang, Words>;
